// Text that is not what it seems. Characters stand by their numbers: see .ci/accuracy.
if (level != "user~U+202E~ ~U+2066~// only admins~U+2069~ ~U+2066~") { // ruleid: text.bidi-control
const { timeout,~U+3164~} = query; // ruleid: text.invisible-character
const is~U+200B~admin = true; // ruleid: text.invisible-character
function ~U+0441~heck(user) {} // ruleid: text.homoglyph
if (us~U+0435~r.isAdmin) go(); // ruleid: text.homoglyph
const usernam~U+0435~ = 1; // ruleid: text.homoglyph
const passw~U+043E~rd = read(); // ruleid: text.homoglyph
decode("~U+FE01~~U+FE0A~~U+E0151~~U+E0142~"); // ruleid: text.hidden-text
const flag = "~U+1F3F4~~U+E0067~~U+E0062~~U+E0065~~U+E006E~~U+E0067~~U+E007F~"; // ok: text.hidden-text
const heart = "~U+2764~~U+FE0F~"; // ok: text.hidden-text
const family = "~U+1F468~~U+200D~~U+1F469~"; // ok: text.invisible-character, text.hidden-text
const persian = "~U+0645~~U+06CC~~U+200C~~U+062E~~U+0648~~U+0627~~U+0647~~U+0645~"; // ok: text.invisible-character
const escaped = "\u202e and \u200b"; // ok: text.bidi-control, text.invisible-character
const mark = "~U+200F~~U+05D0~~U+05D1~"; // ok: text.bidi-control, text.invisible-character
const ~U+0394~x = ~U+03BB~1 * ~U+03C3~_y; // ok: text.homoglyph
// ~U+0441~~U+0442~~U+0438~~U+043B~~U+044C~ CSS, ~U+0432~ commit~U+0435~ ok
const audio = "~U+0430~~U+0443~~U+0434~~U+0438~~U+043E~CD"; // ok: text.homoglyph
const caf~U+00E9~ = "na~U+00EF~ve"; // ok: text.homoglyph
const greek = "~U+0391~~U+03B8~~U+03AE~~U+03BD~~U+03B1~ (Athens)"; // ok: text.homoglyph
const micro = "5 ~U+03BC~s"; // ok: text.homoglyph
const price = "100~U+00A0~~U+20AC~"; // ok: text.invisible-character

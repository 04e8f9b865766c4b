// Functions of which clang-tidy 19 says something else, and why. In brackets: sallyport's number, clang-tidy's.
// [2, 1] It does not know recursion.
int recursive(int a) { return a > 0 ? recursive(a - 1) : 0; }
// [3, 2] It compares an operator with the one above it in the tree; the paper reads them in a row.
bool in_a_row(bool a, bool b, bool c, bool d) { return a || (b && c) || d; }
// [2, 1] Nor does it begin anew within an operand of another operator.
bool within(bool a, bool b, bool c) { return (a && b) == true && c; }
// [2, 3] To it, the condition of a loop stands within the loop.
int condition(int a) { while (a > 3 ? a < 9 : a < 2) a++; return a; }
// [2, 1] A negation does not end a sequence.
bool negated(bool a, bool b, bool c) { return a && !(b && c); }
// [2, 1] It does not count goto.
int jumps(int a) { if (a > 0) goto end; a++; end: return a; }
#define TYPE bool
// [1, 0] It leaves out the whole of a statement that begins with a macro.
bool declared(bool a, bool b) { TYPE c = a && b; return c; }

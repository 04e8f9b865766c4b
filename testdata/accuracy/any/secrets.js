// Credentials in JavaScript, and what looks like them. Made up: see .ci/accuracy.
const client = connect("sk-an~~t-api03-oJT6O0nPuMKvo8jMr8Y4emFaDGGCg9QPvtZQa05mfShL7uEIOejp2nnERN66NvBERacPDCLSXhkIFXI5cVqushl8IlC7BAA"); // ruleid: secret.anthropic-key
fetch(base + '?key=sk-an~~t-api03-sT9CBmoEeEuTUIEEciXvC57vvtIy96VWFre5E32a8yB3fkAnqYYlAmEFFoHQ4auVY7vsldcd1iFhwgBTmFeBO9sHfxnq6AA'); // ruleid: secret.anthropic-key
const client = connect("AKIA~~DH4GXEMM6QLA6CLO"); // ruleid: secret.aws-access-key
fetch(base + '?key=do~~p_v1_adfa36d0840164709ab7f3f386d0cd566647b5aa666347428c3dd46c036bb3a6'); // ruleid: secret.digitalocean-token
const client = connect('do~~p_v1_301f46536559314e23acedbd6b0165debbc6530a2c6a8835c4abd5c652a9f30b'); // ruleid: secret.digitalocean-token
fetch(base + '?key=dc~~kr_pat_Gv0pbPtOfw6hVwdZWVz9VrIffiz'); // ruleid: secret.docker-token
fetch(base + '?key=ghp~~_e3OZDN8IzzYhyhxRyDq7P5A3e5XcyPtam3Ka'); // ruleid: secret.github-token
const client = connect("ghp_y~~MaM6rFy0cNCiahfK819TUTZEjTdqtEXErIG"); // ruleid: secret.github-token
const client = connect('glp~~at-ntKQxi5TjOWnggJktM7h'); // ruleid: secret.gitlab-token
fetch(base + '?key=AIzaJ~~hYHkZLVhIQPk7VDpyCuqyJZ9fmGeWa5n6s'); // ruleid: secret.google-api-key
fetch(base + '?key=hv~~s.UfJ7xxe4NMS27s5DMU12W5eBLo4sjMioPM84DpGTu0U95R3at4IVs98xcaFKO3THtsMRLuPgqSyRXzqh4HlhOT57LqORIoq'); // ruleid: secret.hashicorp-token
const client = connect('hvs~~.MmtDkc34LUJmBmfzbgcuQ2zBEH6LkoilyuPnJDTbCsU0nvhxQwlfFp0gKYQPKfsq1mydDUadXsNt9CIfwwmIJvdhvCAPa4h'); // ruleid: secret.hashicorp-token
fetch(base + '?key=r8_H~~X6E6ZRDYf2lTeuU4QEBCWU5XkTQ0q4LpeYnV'); // ruleid: secret.model-provider-key
fetch(base + '?key=npm~~_ZV5B1i2eKXETcz31pSOZunawJkYrsNiSz3Jc'); // ruleid: secret.npm-token
const client = connect("sk-~~TrNLWGJJXWLbBAZgDZGUT3BlbkFJ8i18wNB4LUEwlGlUbe98"); // ruleid: secret.openai-key
fetch(base + '?key=sk-M~~fR9pPEGjcywf4PEzf2DT3BlbkFJx3j5Ey8JzXLGVC7W93O1'); // ruleid: secret.openai-key
fetch(base + '?key=pypi-~~AgEIcHlwaS5vcmcByZb1OpisHDEdpZyp7NhlNfX1JgZGvyFAK9psnyv5Qqzuex4HbdJBX3X8154BGWaijiHxyGTgkHEkPIqFggTSWxPPl'); // ruleid: secret.pypi-token
const client = connect('pypi~~-AgEIcHlwaS5vcmcDNlcKjGdI25Gz2gJJkhLann93t9Ha0AOJz0HvvtYKShnBZHfT69ipw2xCYaTFNQiHq6aV5fNp4j8Ikg75GZoTRvmQO'); // ruleid: secret.pypi-token
const client = connect("rub~~ygems_4991f1c24a060fda252e4ced3ea23b33c9363da4348fd1dc"); // ruleid: secret.registry-token
fetch(base + '?key=oy21y~~64g9kumawkwy7y23wj4zuf5oqw0cqeqypn1e9l073'); // ruleid: secret.registry-token
const client = connect("SG~~.eOy6VLPrpnQmhkQk4BLTOE.TgVvuNrCyPiFFrwgPcNCajIXqWE6E1YIayqyOVyNY6S"); // ruleid: secret.sendgrid-key
fetch(base + '?key=xoxb~~-407090453955-537507949853-jOmnUJp96Vyc4bL0L6lrwKeW'); // ruleid: secret.slack-token
fetch(base + '?key=rk_~~live_alLRLHK2GergMTi44w3nzqcs'); // ruleid: secret.stripe-key
const client = connect("9124~~332050:AAuztIyMoBvK4ep9UzQ50vLUoHnA7rC3kTY"); // ruleid: secret.telegram-token
fetch(base + '?key=36~~70394431:AAEQLsPYS72qsHoqposY7tUfADaflYHhQDH'); // ruleid: secret.telegram-token
const apiKey = '0ev0uPgt7tiTkxFgxoMW'; // ruleid: secret.generic-assignment
  apiKey: "Zl2jn9Dap#YBP1", // ruleid: secret.generic-assignment
const clientSecret = 'JKBe67!ooE@14thRuPQr'; // ruleid: secret.generic-assignment
  clientSecret: "LWM%LW0UmollK6", // ruleid: secret.generic-assignment
const dbPassword = 'VjqNq1A#wLbIsiX0q@a2'; // ruleid: secret.generic-assignment
  dbPassword: "U84W#aPuV2dLA8", // ruleid: secret.generic-assignment
const ACCESS_TOKEN = 'tEK2csDKocvOnRHwrWXN'; // ruleid: secret.generic-assignment
  ACCESS_TOKEN: "rB4dXKZYwo8LmF", // ruleid: secret.generic-assignment
const authToken = 'JoaL1+EGlkl1zJ1J0fzr'; // ruleid: secret.generic-assignment
  authToken: "C6Fq!wLiGAlmUO", // ruleid: secret.generic-assignment
const jwtSecret = 'dfZ69slnCQLaFeMfPKhN'; // ruleid: secret.generic-assignment
  jwtSecret: "cOE0qJHFyH+!G5", // ruleid: secret.generic-assignment
const apiKey = process.env.API_KEY_2; // ok: secret.generic-assignment
const password = document.getElementById('password1').value; // ok: secret.generic-assignment
const tokenKey = 'auth.token.v2'; // ok: secret.generic-assignment
const secretName = `projects/${id}/secrets/api-key-1`; // ok: secret.generic-assignment
const placeholder = { password: 'Enter your password 1' }; // ok: secret.generic-assignment
const passwordInput = 'input[name="password1"]'; // ok: secret.generic-assignment
const ACCESS_TOKEN = 'ACCESS_TOKEN_1'; // ok: secret.generic-assignment
const integrity = 'sha512-6rLz1zGbWTmHbJ0KcUQ7zFRrJ0cP2bYkYd2wHn5hX3vWcVn1G1QqZzCj0hVqQzkz8Qq=='; // ok: secret.generic-assignment
const keyCode = { token: 'KeyA1', key: 'ArrowUp2' }; // ok: secret.generic-assignment
export const SET_PASSWORD = 'user/SET_PASSWORD_2'; // ok: secret.generic-assignment
const token = tokens[i + 1]; // ok: secret.generic-assignment
const authUrl = 'https://login.corp.io/authorize?response_type=token1'; // ok: secret.generic-assignment
const csrfToken = $('meta[name="csrf-token-1"]').attr('content'); // ok: secret.generic-assignment
i18n.t('errors.password.too_short_8'); // ok: secret.generic-assignment
const password = faker.internet.password(12); // ok: secret.generic-assignment
const clientSecret = config.get('oauth.client2.secret'); // ok: secret.generic-assignment
const className = 'secret-key-input-2'; // ok: secret.generic-assignment
const api_key = 'YOUR_API_KEY_12345'; // ok: secret.generic-assignment

export default [{ rules: { eqeqeq: "warn", "no-unused-vars": "error", "no-var": "error" } }];

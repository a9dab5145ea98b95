import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["src/api/types.gen.ts", "dist/"] },
  ...ts.configs.recommended,
  ...svelte.configs["flat/recommended"],
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "no-console": "error",
      eqeqeq: ["error", "always"],
      // Sets and maps held in state here are replaced as a whole, never changed in place.
      "svelte/prefer-svelte-reactivity": "off",
      // Links lead to addresses of the server, not to routes of a client-side router.
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  { files: ["checks/**"], rules: { "no-console": "off" } },
);

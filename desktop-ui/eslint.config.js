// Import borders: app → features → {ui, bridge, text}; a feature never imports another feature.

import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const TAURI = {
  group: ['@tauri-apps/*'],
  message: 'Only bridge/tauri-host.ts talks to Tauri; use the Host of bridge/host.ts.',
};
const UPWARDS = { group: ['../*', '../**'], message: 'Cross a folder by its # name, so that the border can be seen.' };
const NODE_ONLY = { group: ['node:*'], message: 'The window has no Node.' };

const BY_NAME = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };
const READ = String.raw`/^(aria-label|aria-description|aria-valuetext|aria-roledescription|alt|placeholder|title|label|hint|lead|description|sentence)$/`;
const LETTERS = String.raw`/\p{L}{2}/u`;
const SENTENCE = 'A sentence that a person reads stands in text/, in every language.';
/** Words are in the catalogues, and are read when something is drawn: the language can change while the window is open. */
const WORDS = [
  { selector: `JSXText[value=${LETTERS}]`, message: SENTENCE },
  { selector: `JSXAttribute[name.name=${READ}] > Literal[value=${LETTERS}]`, message: SENTENCE },
  ...['JSXElement', 'JSXFragment', `JSXAttribute[name.name=${READ}]`].flatMap((place) => [
    { selector: `${place} > JSXExpressionContainer > Literal[value=${LETTERS}]`, message: SENTENCE },
    {
      selector: `${place} > JSXExpressionContainer > :matches(ConditionalExpression, LogicalExpression) > Literal[value=${LETTERS}]`,
      message: SENTENCE,
    },
    { selector: `${place} > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=${LETTERS}]`, message: SENTENCE },
  ]),
  {
    selector: `Program > :matches(VariableDeclaration, ExportNamedDeclaration, ExpressionStatement) MemberExpression[object.name='text']:not(:function MemberExpression)`,
    message: 'What is read while the module loads stays in that language; read it in a function.',
  },
];

/** A border: files of one folder, and the folders they may not reach. */
function border(files, forbidden, message) {
  return {
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [TAURI, UPWARDS, NODE_ONLY, ...(forbidden.length ? [{ group: forbidden, message }] : [])] },
      ],
    },
  };
}

const FEATURES = [
  'administration',
  'channels',
  'composer',
  'connection',
  'conversations',
  'found',
  'people',
  'settings',
  'sign-in',
  'switcher',
  'timeline',
];

export default tseslint.config(
  { ignores: ['dist/', 'dist-fake/', 'node_modules/', 'src/bridge/generated/', 'src/bridge/device/'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', BY_NAME, ...WORDS],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...jsxA11y.flatConfigs.strict.rules,
    },
  },
  border(['src/app/**'], [], ''),
  border(['src/ui/**'], ['#app/*', '#features/*', '#bridge/*', '#testing/*'], 'ui/ knows no features and no data.'),
  border(['src/text/**'], ['#app/*', '#features/*', '#ui/*', '#testing/*'], 'text/ is sentences only.'),
  border(['src/bridge/**'], ['#app/*', '#features/*', '#ui/*', '#testing/*'], 'bridge/ is below everything that draws.'),
  ...FEATURES.map((feature) =>
    border([`src/features/${feature}/**`], ['#app/*', '#features/*', '#testing/*'], 'A feature uses ui, bridge and text, and never another feature.'),
  ),
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/testing/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [TAURI, UPWARDS] }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A test says what is read.
      'no-restricted-syntax': ['error', BY_NAME],
    },
  },
  { files: ['src/bridge/tauri-host.ts'], rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [UPWARDS] }] } },
  { files: ['vite.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['eslint.config.js', 'pictures/**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', URLSearchParams: 'readonly', document: 'readonly', window: 'readonly', getComputedStyle: 'readonly', Buffer: 'readonly', IntersectionObserver: 'readonly', requestAnimationFrame: 'readonly', navigator: 'readonly', MessageChannel: 'readonly', performance: 'readonly' } },
  },
);

// The languages whose code is coloured, by every name people write behind the three backticks.

import type { LanguageRegistration } from '@shikijs/primitive';

export interface Grammar {
  /** The language itself is the last; those it contains come before. */
  default: LanguageRegistration[];
}

type Load = () => Promise<Grammar>;

const BY_GRAMMAR: readonly (readonly [names: readonly string[], load: Load])[] = [
  // One grammar for the whole family: the differences are not worth four times its size.
  [['javascript', 'js', 'mjs', 'cjs', 'jsx', 'typescript', 'ts', 'mts', 'cts', 'tsx'], () => import('@shikijs/langs/tsx')],
  [['json', 'jsonc', 'json5', 'jsonl', 'ndjson'], () => import('@shikijs/langs/json')],
  [['rust', 'rs'], () => import('@shikijs/langs/rust')],
  [['python', 'py'], () => import('@shikijs/langs/python')],
  [['go', 'golang'], () => import('@shikijs/langs/go')],
  [['java'], () => import('@shikijs/langs/java')],
  [['kotlin', 'kt'], () => import('@shikijs/langs/kotlin')],
  [['csharp', 'cs', 'c#'], () => import('@shikijs/langs/csharp')],
  [['c', 'h', 'cpp', 'c++', 'cxx', 'hpp'], () => import('@shikijs/langs/c')],
  [['sql', 'postgres', 'postgresql', 'sqlite', 'mysql'], () => import('@shikijs/langs/sql')],
  [['shellscript', 'shell', 'sh', 'bash', 'zsh', 'console'], () => import('@shikijs/langs/shellscript')],
  [['powershell', 'ps1', 'ps'], () => import('@shikijs/langs/powershell')],
  [['yaml', 'yml'], () => import('@shikijs/langs/yaml')],
  [['toml'], () => import('@shikijs/langs/toml')],
  [['ini', 'conf', 'properties', 'env'], () => import('@shikijs/langs/ini')],
  [['css'], () => import('@shikijs/langs/css')],
  [['xml', 'html', 'svg', 'xhtml'], () => import('@shikijs/langs/xml')],
  [['diff', 'patch'], () => import('@shikijs/langs/diff')],
  [['docker', 'dockerfile'], () => import('@shikijs/langs/docker')],
  [['hcl', 'terraform', 'tf'], () => import('@shikijs/langs/terraform')],
];

export const LANGUAGES: ReadonlyMap<string, Load> = new Map(
  BY_GRAMMAR.flatMap(([names, load]) => names.map((name) => [name, load] as const)),
);

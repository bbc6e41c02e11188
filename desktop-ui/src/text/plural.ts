// Picks the form of a word that goes with a number.

export interface Forms {
  one: string;
  other: string;
}

const rules = new Map<string, Intl.PluralRules>();

export function plural(language: string, n: number, forms: Forms): string {
  let rule = rules.get(language);
  if (rule === undefined) {
    rule = new Intl.PluralRules(language);
    rules.set(language, rule);
  }
  return rule.select(n) === 'one' ? forms.one : forms.other;
}

//! Controls by role and accessible name, as a screen reader knows them: enough of the computation for our own pages.

/// A script that answers the first visible control with this role and name, or null.
///
/// A name that ends in `…` is the beginning of the name.
pub(crate) fn find() -> String {
    format!("{NAMES} return named(...arguments)[0] ?? null")
}

/// A script that answers whether the focus is at such a control.
pub(crate) fn has_focus() -> String {
    format!("{NAMES} return named(...arguments).includes(document.activeElement)")
}

/// Defines `named(role, name)`. What lies behind a dialog is hidden from people who cannot see, and so from us.
const NAMES: &str = r"
const native = {
  button: 'button', group: 'fieldset', heading: 'h1, h2, h3',
  textbox: 'input:not([type=checkbox]):not([type=radio]), textarea',
};
const said = (node) => node.nodeType === Node.TEXT_NODE ? node.data
  : node.ariaHidden === 'true' ? '' : [...node.childNodes].map(said).join(' ');
const text = (ids) => ids.split(/\s+/).map((id) => said(document.getElementById(id) ?? document.createTextNode(''))).join(' ');
const nameOf = (element) => {
  const labelledby = element.getAttribute('aria-labelledby');
  if (labelledby) return text(labelledby);
  if (element.hasAttribute('aria-label')) return element.getAttribute('aria-label');
  if (element.labels?.length) return [...element.labels].map(said).join(' ');
  return said(element).trim() || element.getAttribute('placeholder') || '';
};
const isThere = (element) =>
  element.getClientRects().length > 0 && element.closest('[aria-hidden=true], [inert]') === null;
const named = (role, name) => {
  const wanted = name.endsWith('…') ? (found) => found.startsWith(name.slice(0, -1)) : (found) => found === name;
  const candidates = document.querySelectorAll([`[role=${role}]`, native[role]].filter(Boolean).join(', '));
  return [...candidates].filter((element) =>
    isThere(element) && wanted(nameOf(element).replace(/\s+/g, ' ').trim()));
};
";

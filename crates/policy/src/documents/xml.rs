//! Writing XML: elements with attributes, and either text or elements inside.

/// How much further in each level stands.
const INDENT: &str = "  ";

/// One element.
#[derive(Debug, Clone)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: Option<String>,
    children: Vec<Element>,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            text: None,
            children: Vec::new(),
        }
    }

    pub(super) fn with(mut self, attribute: &'static str, value: impl ToString) -> Self {
        self.attributes.push((attribute, value.to_string()));
        self
    }

    /// Text is kept as it is; an element has either text or children.
    pub(super) fn text(mut self, text: impl ToString) -> Self {
        self.text = Some(text.to_string());
        self
    }

    pub(super) fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    pub(super) fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    /// A whole file: the declaration, whatever stands between it and the element, and the element.
    pub(super) fn file(&self, between: &str) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{between}{}", self.at(0))
    }

    /// The lines of this element, so many levels inside others.
    fn at(&self, depth: usize) -> String {
        let indent = INDENT.repeat(depth);
        let name = self.name;
        let mut start = format!("{indent}<{name}");
        for (attribute, value) in &self.attributes {
            start = format!("{start} {attribute}=\"{}\"", escaped(value));
        }
        match &self.text {
            Some(text) => format!("{start}>{}</{name}>\n", escaped(text)),
            None if self.children.is_empty() => format!("{start}/>\n"),
            None => {
                let inside: String = self.children.iter().map(|child| child.at(depth + 1)).collect();
                format!("{start}>\n{inside}{indent}</{name}>\n")
            }
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_markup_is_escaped() {
        let file = Element::new("a").with("b", "\"<&>\"").text("1 < 2 & \"3\"").file("");

        assert_eq!(
            file.lines().nth(1),
            Some("<a b=\"&quot;&lt;&amp;&gt;&quot;\">1 &lt; 2 &amp; &quot;3&quot;</a>")
        );
    }
}

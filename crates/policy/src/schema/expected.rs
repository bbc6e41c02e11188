//! What would be right, and what counts without a value: as words for messages and pages.

use super::{Binding, Choice, Kind, Setting, Words};

/// Words that are put together when they are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub en: String,
    pub de: String,
}

impl Setting {
    /// What a value has to be, to follow on "has to be".
    pub fn expected(&self) -> Sentence {
        match &self.kind {
            Kind::Flag { .. } => both("true or false", "true oder false"),
            Kind::Number { least, most, unit, .. } => Sentence {
                en: format!("a whole number from {least} to {most} ({})", unit.en),
                de: format!("eine ganze Zahl von {least} bis {most} ({})", unit.de),
            },
            Kind::Choice { choices, .. } => {
                let words: Vec<String> = choices.iter().map(|choice| format!("\"{}\"", choice.word)).collect();
                let words = words.join(", ");
                Sentence {
                    en: format!("one of {words}"),
                    de: format!("eines von {words}"),
                }
            }
            Kind::Text { form, .. } => both(form.expected().en, form.expected().de),
            Kind::List { form, most, .. } => Sentence {
                en: format!("a list of 1 to {most}, each {}", form.expected().en),
                de: format!("eine Liste von 1 bis {most}, je {}", form.expected().de),
            },
        }
    }

    /// What counts when nobody chose, as it would be written; none when there is nothing then.
    pub fn default_value(&self) -> Option<serde_json::Value> {
        match &self.kind {
            Kind::Flag { default, .. } => Some((*default).into()),
            Kind::Number { default, .. } => Some((*default).into()),
            Kind::Choice { .. } => self.default_choice().map(|choice| choice.word.into()),
            Kind::Text { .. } | Kind::List { .. } => None,
        }
    }

    /// A value that an organisation might set.
    pub fn example(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Flag { default, .. } => (!default).into(),
            Kind::Number { example, .. } => (*example).into(),
            Kind::Choice { example, .. } | Kind::Text { example, .. } => (*example).into(),
            Kind::List { examples, .. } => examples.to_vec().into(),
        }
    }

    /// The choice that counts when nobody chose.
    pub fn default_choice(&self) -> Option<&Choice> {
        let Kind::Choice {
            choices, is_default, ..
        } = &self.kind
        else {
            return None;
        };
        choices.iter().find(|choice| is_default(choice))
    }
}

impl Binding {
    /// Whether people may choose differently, as a sentence.
    pub fn sentence(self) -> Words {
        match self {
            Self::Fixed => Words {
                en: "People cannot change it.",
                de: "Man kann es in der App nicht ändern.",
            },
            Self::Initial => Words {
                en: "People can change it for themselves.",
                de: "Man kann es in der App für sich ändern.",
            },
        }
    }
}

fn both(en: &str, de: &str) -> Sentence {
    Sentence {
        en: en.to_owned(),
        de: de.to_owned(),
    }
}

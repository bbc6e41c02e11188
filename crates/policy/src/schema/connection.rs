//! Where the app finds its server, and what stands between them.

use super::{Binding, Choice, Form, Kind, Setting, Topic, Words, defaults};
use crate::policy::ProxyMode;

/// Servers that one device may be offered; more could not be told apart on a screen.
const MOST_SERVERS: usize = 20;

/// Hosts that a proxy is left out for; more is a task for the proxy's own rules.
const MOST_BYPASSED: usize = 100;

pub(super) static SERVER_ADDRESSES: Setting = Setting {
    key: "server_addresses",
    name: Words {
        en: "Server addresses",
        de: "Serveradressen",
    },
    sentence: Words {
        en: "The servers that the sign-in screen offers, the usual one first.",
        de: "Die Server, die der Anmeldebildschirm anbietet, der übliche zuerst.",
    },
    topic: Topic::Connection,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::List {
        form: Form::Address,
        most: MOST_SERVERS,
        examples: &["https://chat.example.org"],
        put: |policy, addresses| policy.server_addresses = Some(addresses),
    },
};

pub(super) static ALLOW_OTHER_SERVERS: Setting = Setting {
    key: "allow_other_servers",
    name: Words {
        en: "Allow other servers",
        de: "Andere Server erlauben",
    },
    sentence: Words {
        en: "Whether people may sign in at servers that server_addresses does not name.",
        de: "Ob man sich an Servern anmelden darf, die server_addresses nicht nennt.",
    },
    topic: Topic::Connection,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Flag {
        default: defaults::ALLOW_OTHER_SERVERS,
        field: |policy| &mut policy.allow_other_servers,
    },
};

pub(super) static PROXY_MODE: Setting = Setting {
    key: "proxy_mode",
    name: Words {
        en: "Proxy",
        de: "Proxy",
    },
    sentence: Words {
        en: "Which proxy the app uses to reach its server and its updates.",
        de: "Über welchen Proxy die App ihren Server und ihre Updates erreicht.",
    },
    topic: Topic::Connection,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Choice {
        choices: &[
            Choice {
                word: "system",
                words: Words {
                    en: "The proxy of the operating system",
                    de: "Der Proxy des Betriebssystems",
                },
                put: |policy| policy.proxy_mode = Some(ProxyMode::System),
            },
            Choice {
                word: "none",
                words: Words {
                    en: "No proxy",
                    de: "Kein Proxy",
                },
                put: |policy| policy.proxy_mode = Some(ProxyMode::None),
            },
            Choice {
                word: "manual",
                words: Words {
                    en: "The proxy that proxy_url names",
                    de: "Der Proxy, den proxy_url nennt",
                },
                put: |policy| policy.proxy_mode = Some(ProxyMode::Manual),
            },
        ],
        is_default: |choice| choice.alone().proxy_mode == Some(defaults::PROXY_MODE),
        example: "manual",
    },
};

pub(super) static PROXY_URL: Setting = Setting {
    key: "proxy_url",
    name: Words {
        en: "Address of the proxy",
        de: "Adresse des Proxys",
    },
    sentence: Words {
        en: "The proxy for proxy_mode manual, without name and password: people are asked for those, and the keychain \
             keeps them.",
        de: "Der Proxy für proxy_mode manual, ohne Namen und Passwort: Danach wird gefragt, und der Schlüsselbund \
             bewahrt sie auf.",
    },
    topic: Topic::Connection,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Text {
        form: Form::Proxy,
        example: "http://proxy.example.org:3128",
        put: |policy, text| put_text(&mut policy.proxy_url, text),
    },
};

pub(super) static PROXY_BYPASS: Setting = Setting {
    key: "proxy_bypass",
    name: Words {
        en: "Hosts without the proxy",
        de: "Hosts ohne Proxy",
    },
    sentence: Words {
        en: "Hosts that are reached without the proxy of proxy_url: names with everything below them, addresses, \
             networks.",
        de: "Hosts, die ohne den Proxy aus proxy_url erreicht werden: Namen mit allem darunter, Adressen, Netze.",
    },
    topic: Topic::Connection,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::List {
        form: Form::Host,
        most: MOST_BYPASSED,
        examples: &["intranet.example.org", "10.0.0.0/8"],
        put: |policy, hosts| policy.proxy_bypass = Some(hosts),
    },
};

pub(super) static EXTRA_CA_FILE: Setting = Setting {
    key: "extra_ca_file",
    name: Words {
        en: "File with more certificate authorities",
        de: "Datei mit weiteren Zertifizierungsstellen",
    },
    sentence: Words {
        en: "A PEM file with certificate authorities that the app trusts besides those of the system.",
        de: "Eine PEM-Datei mit Zertifizierungsstellen, denen die App neben denen des Systems vertraut.",
    },
    topic: Topic::Connection,
    binding: Binding::Fixed,
    since: "0.1.0",
    kind: Kind::Text {
        form: Form::Path,
        example: "/etc/ssl/certs/example-org.pem",
        put: |policy, text| put_text(&mut policy.extra_ca_file, text),
    },
};

/// Every text of the right form is a value.
fn put_text(field: &mut Option<String>, text: &str) -> bool {
    *field = Some(text.to_owned());
    true
}

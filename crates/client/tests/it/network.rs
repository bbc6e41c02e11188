//! Proxies that stand between a device and its server, and certificates that are not trusted.
//!
//! The server behind a proxy has a name that nobody but the proxy can look up, so whatever reaches it went through.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::network::{
    CaProblem, CertificateFault, CertificateProblem, NoDesktop, ProxyAddress, ProxyChoice, ProxyFault, ProxyLogin,
};
use client::view::{Connection, Failure};
use client::{Client, Network, NetworkSettings};
use test_kit::fault_proxy::FaultProxy;
use test_kit::proxy::{BEHIND, Kind, Login, Proxy};
use test_kit::tls::{Authority, Identity, TlsFront, Validity, self_signed};

use crate::fake::{CODE, Fake};
use crate::harness::{Computer, online, shown, until, write};

pub(crate) fn ada() -> Login {
    Login {
        user: "ada".to_owned(),
        password: "p@ss: word".to_owned(),
    }
}

pub(crate) fn through(proxy: &Proxy, login: Option<&Login>) -> NetworkSettings {
    NetworkSettings {
        proxy: ProxyChoice::Manual {
            address: ProxyAddress::parse(&proxy.url()).unwrap(),
            bypass: Vec::new(),
        },
        login: login.map(|login| ProxyLogin {
            proxy: proxy.place(),
            user: login.user.clone(),
            password: login.password.clone(),
        }),
        extra_ca_file: None,
    }
}

pub(crate) async fn opened(settings: NetworkSettings) -> (Computer, Client) {
    let mut computer = Computer::new();
    computer.network = Network::new(settings, Arc::new(NoDesktop));
    let client = computer.open().await;
    (computer, client)
}

async fn sign_in(client: &Client, address: &str) -> Result<(), Failure> {
    client.request_code(address, "ada@example.org").await?;
    client.sign_in(CODE).await.map(drop)
}

/// Sign-in, the socket and a message through this proxy, and nothing around it.
async fn everything_goes_through(kind: Kind, login: Option<Login>) {
    let server = Fake::start().await;
    let counting = FaultProxy::to(server.address).await.unwrap();
    let proxy = Proxy::start(kind, counting.address(), login.clone()).await.unwrap();
    let (_computer, client) = opened(through(&proxy, login.as_ref())).await;

    sign_in(&client, &format!("http://{BEHIND}:8080")).await.unwrap();
    online(&client).await;
    write(&client, "through the wall").await;
    until("it is stored", || async {
        server.world.bodies() == ["through the wall"]
    })
    .await;

    assert_eq!(server.world.count("socket"), 1);
    assert!(proxy.opened() >= 2, "one way for requests and one for the socket");
    assert_eq!(proxy.opened(), counting.connections(), "somebody went around the proxy");
    assert_eq!(proxy.refused(), 0);
}

#[tokio::test]
async fn everything_goes_through_an_http_proxy() {
    everything_goes_through(Kind::Http, None).await;
}

#[tokio::test]
async fn everything_goes_through_an_http_proxy_that_wants_a_login() {
    everything_goes_through(Kind::Http, Some(ada())).await;
}

#[tokio::test]
async fn everything_goes_through_a_socks_proxy() {
    everything_goes_through(Kind::Socks5, None).await;
}

#[tokio::test]
async fn everything_goes_through_a_socks_proxy_that_wants_a_login() {
    everything_goes_through(Kind::Socks5, Some(ada())).await;
}

#[tokio::test]
async fn tls_goes_through_each_kind_of_proxy_to_a_server_of_a_private_authority() {
    let server = Fake::start().await;
    let authority = Authority::new("Orchard Root").unwrap();
    let identity = authority.issue(&[BEHIND], Validity::Now).unwrap();
    let front = TlsFront::start(&identity, server.address).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for kind in [Kind::Http, Kind::Socks5] {
        let proxy = Proxy::start(kind, front.address(), Some(ada())).await.unwrap();
        let settings = NetworkSettings {
            extra_ca_file: Some(pem(folder.path(), &authority.pem())),
            ..through(&proxy, Some(&ada()))
        };
        let (_computer, client) = opened(settings).await;

        sign_in(&client, BEHIND).await.unwrap();

        online(&client).await;
        assert!(proxy.opened() >= 2 && proxy.refused() == 0, "{kind:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_login_says_so_with_and_without_tls() {
    let server = Fake::start().await;
    for kind in [Kind::Http, Kind::Socks5] {
        let proxy = Proxy::start(kind, server.address, Some(ada())).await.unwrap();
        for address in [format!("http://{BEHIND}"), format!("https://{BEHIND}")] {
            let (_computer, client) = opened(through(&proxy, None)).await;
            let refused = client.check_server(&address).await.unwrap_err();
            let expected = Failure::Proxy {
                proxy: proxy.url(),
                fault: ProxyFault::LoginNeeded,
            };
            assert_eq!(refused, expected, "{kind:?} {address}");
            assert!(!refused.is_lasting());

            let wrong = Login {
                user: "ada".to_owned(),
                password: "guess".to_owned(),
            };
            client.network().set(through(&proxy, Some(&wrong)));
            let refused = client.check_server(&address).await.unwrap_err();
            assert!(
                matches!(
                    refused,
                    Failure::Proxy {
                        fault: ProxyFault::LoginWrong,
                        ..
                    }
                ),
                "{kind:?} {address}: {refused:?}"
            );
        }
        assert_eq!(proxy.opened(), 0);
    }
}

#[tokio::test]
async fn a_proxy_that_is_away_and_a_server_behind_one_that_is_not_found_are_told_apart() {
    let server = Fake::start().await;
    for kind in [Kind::Http, Kind::Socks5] {
        let proxy = Proxy::start(kind, server.address, None).await.unwrap();
        let (_computer, client) = opened(through(&proxy, None)).await;
        let elsewhere = client.check_server("https://other.loquat.test").await.unwrap_err();
        assert!(matches!(elsewhere, Failure::Unreachable { .. }), "{elsewhere:?}");
        let settings = through(&proxy, None);
        drop(proxy);

        client.network().set(settings);
        let away = client.check_server(&format!("https://{BEHIND}")).await.unwrap_err();

        assert!(
            matches!(
                away,
                Failure::Proxy {
                    fault: ProxyFault::Unreachable { .. },
                    ..
                }
            ),
            "{away:?}"
        );
    }
}

#[tokio::test]
async fn other_settings_count_at_once_also_for_the_open_socket() {
    let server = Fake::start().await;
    server.world.ben_writes("hello");
    let old = Proxy::start(Kind::Http, server.address, None).await.unwrap();
    let new = Proxy::start(Kind::Socks5, server.address, Some(ada())).await.unwrap();
    let (_computer, client) = opened(through(&old, None)).await;
    sign_in(&client, &format!("http://{BEHIND}")).await.unwrap();
    online(&client).await;

    client.network().set(through(&new, None));

    until("the new proxy is in the way", || async {
        let trouble = match client.connection() {
            Connection::Offline { trouble, .. } | Connection::Connecting { trouble, .. } => trouble,
            Connection::Online => None,
        };
        matches!(
            trouble,
            Some(Failure::Proxy {
                fault: ProxyFault::LoginNeeded,
                ..
            })
        )
    })
    .await;
    client.network().set(through(&new, Some(&ada())));
    until("it goes through the new proxy", || async { new.opened() >= 1 }).await;
    online(&client).await;
    assert_eq!(shown(&client).await, ["hello"]);
    old.cut();
    assert_eq!(
        client.connection(),
        Connection::Online,
        "nothing goes through the old one any more"
    );
}

fn pem(folder: &Path, content: &str) -> PathBuf {
    let file = folder.join("authority.pem");
    std::fs::write(&file, content).unwrap();
    file
}

/// What is said of a server with this identity, by a device that trusts these authorities besides those of the system.
async fn fault(identity: &Identity, trusted: Option<&Authority>) -> (String, CertificateFault) {
    let server = Fake::start().await;
    let front = TlsFront::start(identity, server.address).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = NetworkSettings {
        proxy: ProxyChoice::None,
        login: None,
        extra_ca_file: trusted.map(|authority| pem(folder.path(), &authority.pem())),
    };
    let (_computer, client) = opened(settings).await;
    let address = format!("https://{}", front.address());
    match client.check_server(&address).await {
        Err(Failure::CertificateNotTrusted {
            address: said,
            certificate,
        }) => {
            assert_eq!(said, address);
            (said, *certificate)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_fault_of_a_certificate_is_named_with_whose_it_is() {
    use CertificateProblem::{Expired, NotYetValid, SelfSigned, UnknownIssuer, WrongName};
    let orchard = Authority::new("Orchard Root").unwrap();
    let stranger = Authority::new("Stranger").unwrap();
    let here = ["127.0.0.1"];
    let faults = [
        (
            orchard.issue(&here, Validity::Over).unwrap(),
            Expired,
            "CN=Orchard Root",
        ),
        (
            orchard.issue(&here, Validity::Later).unwrap(),
            NotYetValid,
            "CN=Orchard Root",
        ),
        (
            orchard.issue(&["mail.example.org"], Validity::Now).unwrap(),
            WrongName,
            "CN=Orchard Root",
        ),
        (
            stranger.issue(&here, Validity::Now).unwrap(),
            UnknownIssuer,
            "CN=Stranger",
        ),
        (self_signed(&here).unwrap(), SelfSigned, "CN=127.0.0.1"),
    ];
    for (identity, problem, issuer) in faults {
        let (_, fault) = fault(&identity, Some(&orchard)).await;
        assert_eq!((fault.problem, fault.issuer.as_str()), (problem, issuer));
        assert_eq!(fault.fingerprint.len(), 32 * 3 - 1, "{}", fault.fingerprint);
        let names = if problem == WrongName {
            ["mail.example.org"]
        } else {
            here
        };
        assert_eq!(fault.names, names);
        let (from, until) = (fault.valid_from.unwrap(), fault.valid_until.unwrap());
        let is_in_time = (from..until).contains(&fault.looked_at);
        assert_eq!(is_in_time, !matches!(problem, Expired | NotYetValid), "{fault:?}");
    }
}

#[tokio::test]
async fn the_socket_tells_the_fault_of_a_certificate_too_and_comes_back_with_a_right_one() {
    let server = Fake::start().await;
    let orchard = Authority::new("Orchard Root").unwrap();
    let right = orchard.issue(&[BEHIND], Validity::Now).unwrap();
    let over = orchard.issue(&[BEHIND], Validity::Over).unwrap();
    let good = TlsFront::start(&right, server.address).await.unwrap();
    let bad = TlsFront::start(&over, server.address).await.unwrap();
    let to_good = Proxy::start(Kind::Http, good.address(), None).await.unwrap();
    let to_bad = Proxy::start(Kind::Http, bad.address(), None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ca = pem(folder.path(), &orchard.pem());
    let settings = |proxy: &Proxy| NetworkSettings {
        extra_ca_file: Some(ca.clone()),
        ..through(proxy, None)
    };
    let (_computer, client) = opened(settings(&to_good)).await;
    sign_in(&client, BEHIND).await.unwrap();
    online(&client).await;

    client.network().set(settings(&to_bad));
    until("the certificate is said to be over", || async {
        let Connection::Offline { trouble, .. } = client.connection() else {
            return false;
        };
        matches!(
            trouble,
            Some(Failure::CertificateNotTrusted { certificate, .. })
                if certificate.problem == CertificateProblem::Expired && certificate.names == [BEHIND]
        )
    })
    .await;

    client.network().set(settings(&to_good));
    online(&client).await;
}

#[tokio::test]
async fn a_bad_file_of_authorities_is_named_and_the_app_goes_on() {
    let server = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = pem(
        folder.path(),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let settings = NetworkSettings {
        extra_ca_file: Some(file.clone()),
        ..NetworkSettings::default()
    };
    let (_computer, client) = opened(settings).await;

    let fault = client.network().ca_fault().await.expect("the file is broken");

    assert_eq!(fault.file, file.display().to_string());
    assert!(
        matches!(fault.problem, CaProblem::Broken { number: 1, .. }),
        "{fault:?}"
    );
    sign_in(&client, &server.address.to_string()).await.unwrap();
    online(&client).await;
}

#[tokio::test]
async fn a_client_for_updates_goes_through_the_proxy_and_trusts_the_same() {
    let server = Fake::start().await;
    let authority = Authority::new("Orchard Root").unwrap();
    let identity = authority.issue(&[BEHIND], Validity::Now).unwrap();
    let front = TlsFront::start(&identity, server.address).await.unwrap();
    let proxy = Proxy::start(Kind::Socks5, front.address(), None).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = NetworkSettings {
        extra_ca_file: Some(pem(folder.path(), &authority.pem())),
        ..through(&proxy, None)
    };
    let network = Network::new(settings, Arc::new(NoDesktop));
    let url = format!("https://{BEHIND}/v1/auth/workspace").parse().unwrap();

    let http = network.http_client(&url, |builder| builder).await.unwrap();

    let answer = http.get(url).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    assert_eq!(proxy.opened(), 1);
}

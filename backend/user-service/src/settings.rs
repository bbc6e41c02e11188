//! What an operator chooses. The doc comments are the help.

use std::path::PathBuf;

use clap::Args;
use protocol::Email;

use crate::http::TrustedProxies;
use crate::secrets::SHORTEST_PEPPER;

/// How the process was started, which decides what must be set and what is made at the first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deployment {
    /// One developer's machine: any domain may sign in, the first person becomes administrator, secrets are made.
    Development,
    /// `loquat-server` for real people: domains and the first administrator must be named, secrets are made.
    OneMachine,
    /// Services on their own: everything must be set, secrets too, because they are shared between nodes.
    Separate,
}

/// The settings of user-service.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Settings {
    /// The workspace's name at the first start, as mails and the sign-in screen show it. Administrators change it in
    /// the app; then this says nothing any more.
    #[arg(long, env = "WORKSPACE_NAME", default_value = "Loquat")]
    pub workspace_name: String,

    /// E-mail domains whose addresses may join at the first start, separated by commas. Administrators change them in
    /// the app; then this says nothing any more. Whoever was invited or is here already may sign in with any address.
    /// Needed outside development.
    #[arg(long, env = "SIGN_IN_DOMAINS", value_delimiter = ',')]
    pub sign_in_domains: Vec<String>,

    /// The address that becomes the administrator at its first sign-in, whatever its domain. Needed outside development.
    #[arg(long, env = "FIRST_ADMIN")]
    pub first_admin: Option<String>,

    /// The secret that sign-in codes and refresh tokens are mixed with, at least 32 characters; the same on every node.
    /// `loquat-server` makes one at its first start.
    #[arg(long, env = "CODE_PEPPER", hide_env_values = true)]
    pub code_pepper: Option<String>,

    /// The PEM file with the Ed25519 keys of access tokens (PKCS#8). The first one signs; the others are published
    /// beside it, so that keys can be rotated. `loquat-server` makes one at its first start.
    #[arg(long, env = "SIGNING_KEY_FILE")]
    pub signing_key_file: Option<PathBuf>,

    /// Addresses or networks of reverse proxies, separated by commas; only their `X-Forwarded-For` is believed.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<String>,

    #[command(flatten)]
    pub limits: Limits,
}

/// Every limit and lifetime, with its default.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Limits {
    /// Seconds a sign-in code works.
    #[arg(long, env = "CODE_LIFETIME_S", default_value_t = 600, value_parser = clap::value_parser!(u32).range(30..=3600))]
    pub code_lifetime_s: u32,

    /// Wrong tries after which a code is used up.
    #[arg(long, env = "CODE_TRIES", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub code_tries: u32,

    /// Seconds after which an address may ask for another code, once its burst is used.
    #[arg(long, env = "CODE_RESEND_AFTER_S", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub code_resend_after_s: u32,

    /// Codes an address may ask for at once after a pause.
    #[arg(long, env = "CODE_BURST_PER_ADDRESS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    pub code_burst_per_address: u32,

    /// Codes a client IP may ask for per minute, once its burst is used. An IPv6 client counts as its /64 network.
    #[arg(long, env = "CODES_PER_IP_AND_MINUTE", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub codes_per_ip_and_minute: u32,

    /// Codes a client IP may ask for at once after a pause: an office behind one address on a Monday morning.
    #[arg(long, env = "CODE_BURST_PER_IP", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub code_burst_per_ip: u32,

    /// Codes per address, client IP and day (UTC): fewer than per address, so that no single stranger can use those up.
    #[arg(long, env = "CODES_PER_ADDRESS_IP_AND_DAY", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..))]
    pub codes_per_address_ip_and_day: u32,

    /// Codes per address and day (UTC).
    #[arg(long, env = "CODES_PER_ADDRESS_AND_DAY", default_value_t = 19, value_parser = clap::value_parser!(u32).range(1..))]
    pub codes_per_address_and_day: u32,

    /// Tries of codes per address and day (UTC).
    #[arg(long, env = "CODE_TRIES_PER_ADDRESS_AND_DAY", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub code_tries_per_address_and_day: u32,

    /// Wrong codes per client IP and day (UTC): against guessing across many addresses.
    #[arg(long, env = "WRONG_CODES_PER_IP_AND_DAY", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub wrong_codes_per_ip_and_day: u32,

    /// Refreshes of one session per minute, and at once after a pause.
    #[arg(long, env = "REFRESHES_PER_SESSION_AND_MINUTE", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub refreshes_per_session_and_minute: u32,

    /// Refreshes and accepted invitations of one client IP per minute, once its burst is used. An IPv6 client counts as
    /// its /64 network.
    #[arg(long, env = "REFRESHES_PER_IP_AND_MINUTE", default_value_t = 1_200, value_parser = clap::value_parser!(u32).range(1..))]
    pub refreshes_per_ip_and_minute: u32,

    /// Refreshes and accepted invitations of one client IP at once after a pause: a large office behind one address
    /// after a restart.
    #[arg(long, env = "REFRESH_BURST_PER_IP", default_value_t = 6_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub refresh_burst_per_ip: u32,

    /// Days an invitation can be accepted.
    #[arg(long, env = "INVITATION_LIFETIME_DAYS", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=30))]
    pub invitation_lifetime_days: u32,

    /// Seconds an access token is good for.
    #[arg(long, env = "ACCESS_TOKEN_LIFETIME_S", default_value_t = 600, value_parser = clap::value_parser!(u32).range(5..=3600))]
    pub access_token_lifetime_s: u32,

    /// Days without a refresh after which a session is over.
    #[arg(long, env = "SESSION_IDLE_DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub session_idle_days: u32,
}

impl Settings {
    /// Everything that is wrong with these settings, each as a sentence that names the setting.
    pub fn faults(&self, deployment: Deployment) -> Vec<String> {
        let mut faults = Vec::new();
        if deployment != Deployment::Development {
            if self.domains().is_empty() {
                faults
                    .push("SIGN_IN_DOMAINS is missing: name the e-mail domains whose addresses may sign in".to_owned());
            }
            if self.first_admin.as_deref().is_none_or(str::is_empty) {
                faults.push("FIRST_ADMIN is missing: name the address that becomes the administrator".to_owned());
            }
        }
        if deployment == Deployment::Separate {
            if self.code_pepper.is_none() {
                faults.push(
                    "CODE_PEPPER is missing: set a secret of at least 32 random characters, the same on every node"
                        .to_owned(),
                );
            }
            if self.signing_key_file.is_none() {
                faults.push(
                    "SIGNING_KEY_FILE is missing: name a PEM file made with `openssl genpkey -algorithm ed25519`"
                        .to_owned(),
                );
            }
        }
        faults.extend(self.unreadable());
        faults
    }

    /// The faults that are faults everywhere.
    fn unreadable(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for domain in self.domains() {
            if Email::parse(&format!("someone@{domain}")).is_err() {
                faults.push(format!("SIGN_IN_DOMAINS: {domain:?} is not a domain"));
            }
        }
        if let Some(address) = self.first_admin.as_deref().filter(|text| !text.is_empty())
            && Email::parse(address).is_err()
        {
            faults.push(format!("FIRST_ADMIN: {address:?} is not an e-mail address"));
        }
        if self
            .code_pepper
            .as_ref()
            .is_some_and(|pepper| pepper.len() < SHORTEST_PEPPER)
        {
            faults.push(format!(
                "CODE_PEPPER is too short: it needs at least {SHORTEST_PEPPER} characters"
            ));
        }
        faults.extend(
            TrustedProxies::parse(&self.trusted_proxies)
                .err()
                .map(|fault| format!("TRUSTED_PROXIES: {fault}")),
        );
        if let Err(fault) = protocol::text::name(&self.workspace_name) {
            faults.push(format!("WORKSPACE_NAME: {}", fault.title()));
        }
        faults
    }

    /// The domains, in lower case.
    pub(crate) fn domains(&self) -> Vec<String> {
        let named = self
            .sign_in_domains
            .iter()
            .map(|domain| domain.trim().to_ascii_lowercase());
        named.filter(|domain| !domain.is_empty()).collect()
    }

    /// The first administrator's address, if one is named.
    pub(crate) fn first_admin(&self) -> Option<Email> {
        self.first_admin
            .as_deref()
            .and_then(|address| Email::parse(address).ok())
    }
}

//! What an organisation set, as the rest of the app reads it. A setting that is `None` is left to the person.

/// Everything that an organisation may set; each field is described by the setting of the same name in
/// [`crate::schema`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    pub server_addresses: Option<Vec<String>>,
    pub allow_other_servers: Option<bool>,
    pub proxy_mode: Option<ProxyMode>,
    pub proxy_url: Option<String>,
    pub proxy_bypass: Option<Vec<String>>,
    pub extra_ca_file: Option<String>,
    pub update_channel: Option<UpdateChannel>,
    pub update_url: Option<String>,
    pub cache_limit_days: Option<u32>,
    pub cache_limit_mib: Option<u32>,
    pub auto_start: Option<bool>,
    pub close_to_tray: Option<bool>,
    pub unload_hidden_window_minutes: Option<u32>,
    pub notification_level: Option<NotificationLevel>,
    pub notification_sound: Option<bool>,
    pub notification_content_on_locked_screen: Option<bool>,
    pub do_not_disturb_hours: Option<Hours>,
    pub log_level: Option<LogLevel>,
    pub allow_diagnostics: Option<bool>,
}

/// Which proxy stands between the app and its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyMode {
    /// Whatever the operating system says.
    System,
    /// None, whatever the operating system says.
    None,
    /// The one that [`Policy::proxy_url`] names.
    Manual,
}

/// Which versions the app updates itself to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateChannel {
    Stable,
    Beta,
    /// None: the organisation installs new versions itself.
    Off,
}

/// Which messages of channels and groups notify until a person chooses for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationLevel {
    All,
    Mentions,
    Nothing,
}

/// How much the app writes to its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// A stretch of every day, in minutes after midnight on the clock of the device; it may reach over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub from: u16,
    pub until: u16,
}

//! What the environment says, read once at the start.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// How long a hidden window stays loaded when nothing else is said: long enough for somebody who only looks elsewhere,
/// short enough to give its memory back for the afternoon.
const UNLOAD_AFTER: Duration = Duration::from_mins(5);

/// The longest name of a profile, in bytes.
const LONGEST_PROFILE: usize = 32;

/// How this run of the app is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `LOQUAT_SERVER`: the address the sign-in screen proposes.
    pub(crate) server: Option<String>,
    /// `LOQUAT_PROFILE`: whose app this is; names the entry in the keychain and the folder below the data of
    /// all profiles. `default` when not set.
    pub(crate) profile: String,
    /// `LOQUAT_DATA_DIR`: where this profile keeps its data. Two profiles must not share one.
    pub(crate) data_dir: PathBuf,
    /// A folder with a short path for sockets, the person's alone.
    pub(crate) runtime_dir: PathBuf,
    /// `LOQUAT_UNLOAD_AFTER_S`: seconds after which a hidden window is unloaded; 300 when not set.
    pub(crate) unload_after: Duration,
    /// `LOQUAT_CA_FILE`: a PEM file with certificate authorities that are trusted besides those of the system, unless
    /// the organisation or the person named another.
    pub(crate) ca_file: Option<PathBuf>,
    /// The file that people start: the image the app was started from where it is one, else the program itself. None in
    /// a sandbox, where it has a name that only the sandbox knows.
    pub(crate) program: Option<PathBuf>,
    /// `APPIMAGE` and `APPDIR`: the file that an `AppImage` runs from, and where it is unpacked.
    pub(crate) app_image: Option<(PathBuf, PathBuf)>,
    pub(crate) trial_updates: TrialUpdates,
    /// `LOQUAT_LOG`: what is logged to standard error, as `tracing` filters are written.
    pub(crate) log: String,
}

/// `LOQUAT_UPDATE_URL` and `LOQUAT_UPDATE_KEY`: a server of updates to try, which only debug builds do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TrialUpdates {
    pub(crate) url: Option<String>,
    pub(crate) key: Option<String>,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("LOQUAT_PROFILE must be 1 to {LONGEST_PROFILE} characters of a-z, A-Z, 0-9, _ and -, got {0:?}")]
    Profile(String),
    #[error("{0} is not valid text")]
    NotText(&'static str),
    #[error("LOQUAT_UNLOAD_AFTER_S must be a number of seconds, got {0:?}")]
    UnloadAfter(String),
    #[error("there is no folder for the data of this person; set LOQUAT_DATA_DIR")]
    NoDataDir,
}

impl Settings {
    /// Reads the settings from the environment of the process.
    #[expect(clippy::disallowed_methods, reason = "this is the place where settings are read")]
    pub(crate) fn from_environment() -> Result<Self, SettingsError> {
        Self::read(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn read(variable: impl Fn(&'static str) -> Option<OsString>) -> Result<Self, SettingsError> {
        let text = |name| variable(name).map(|value| value.into_string().map_err(|_| SettingsError::NotText(name)));
        let profile = text("LOQUAT_PROFILE")
            .transpose()?
            .unwrap_or_else(|| "default".to_owned());
        if !is_profile(&profile) {
            return Err(SettingsError::Profile(profile));
        }
        let data_dir = match variable("LOQUAT_DATA_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => data_of_person(&variable)
                .ok_or(SettingsError::NoDataDir)?
                .join("loquat")
                .join(&profile),
        };
        let unload_after = match text("LOQUAT_UNLOAD_AFTER_S").transpose()? {
            Some(given) => Duration::from_secs(given.parse().map_err(|_| SettingsError::UnloadAfter(given))?),
            None => UNLOAD_AFTER,
        };
        Ok(Self {
            server: text("LOQUAT_SERVER").transpose()?,
            runtime_dir: runtime_dir(&variable),
            unload_after,
            ca_file: variable("LOQUAT_CA_FILE").map(PathBuf::from),
            program: match variable("FLATPAK_ID") {
                Some(_) => None,
                None => variable("APPIMAGE")
                    .map(PathBuf::from)
                    .or_else(|| std::env::current_exe().ok()),
            },
            app_image: variable("APPIMAGE")
                .zip(variable("APPDIR"))
                .map(|(file, folder)| (PathBuf::from(file), PathBuf::from(folder))),
            trial_updates: TrialUpdates {
                url: text("LOQUAT_UPDATE_URL").transpose()?,
                key: text("LOQUAT_UPDATE_KEY").transpose()?,
            },
            profile,
            data_dir,
            log: text("LOQUAT_LOG")
                .transpose()?
                .unwrap_or_else(|| "warn,loquat_desktop=info,loquat_window=info,client=info".to_owned()),
        })
    }
}

/// Whether the text can name a folder and a keychain entry everywhere.
fn is_profile(name: &str) -> bool {
    let plain = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    plain && (1..=LONGEST_PROFILE).contains(&name.len())
}

/// Where every start of the app finds the one that runs. In a Flatpak each start has a folder of its own, and one that
/// they share below it.
fn runtime_dir(variable: &impl Fn(&'static str) -> Option<OsString>) -> PathBuf {
    let Some(folder) = variable("XDG_RUNTIME_DIR").map(PathBuf::from) else {
        return std::env::temp_dir();
    };
    match variable("FLATPAK_ID") {
        Some(id) => folder.join("app").join(id),
        None => folder,
    }
}

/// Where this system keeps what programs store for a person.
fn data_of_person(variable: impl Fn(&'static str) -> Option<OsString>) -> Option<PathBuf> {
    if cfg!(target_os = "windows") {
        return variable("APPDATA").map(PathBuf::from);
    }
    let home = variable("HOME").map(PathBuf::from);
    if cfg!(target_os = "macos") {
        return home.map(|home| home.join("Library/Application Support"));
    }
    // A relative path there is to be ignored, says the XDG base directory specification.
    let chosen = variable("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute());
    chosen.or_else(|| home.map(|home| home.join(".local/share")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::read(|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn each_profile_has_its_own_folder() {
        let settings = read(&[("HOME", "/home/ada"), ("LOQUAT_PROFILE", "second")]).unwrap();
        assert_eq!(settings.data_dir, PathBuf::from("/home/ada/.local/share/loquat/second"));
        let settings = read(&[("HOME", "/home/ada"), ("XDG_DATA_HOME", "/data")]).unwrap();
        assert_eq!(settings.data_dir, PathBuf::from("/data/loquat/default"));
    }

    #[test]
    fn every_start_in_a_flatpak_looks_into_the_folder_that_they_share() {
        let home = [("HOME", "/home/ada"), ("XDG_RUNTIME_DIR", "/run/user/1000")];
        assert_eq!(read(&home).unwrap().runtime_dir, PathBuf::from("/run/user/1000"));
        let settings = read(&[home[0], home[1], ("FLATPAK_ID", "org.loquat.desktop")]).unwrap();
        assert_eq!(
            settings.runtime_dir,
            PathBuf::from("/run/user/1000/app/org.loquat.desktop")
        );
    }

    #[test]
    fn a_named_data_folder_is_used_as_it_is() {
        let settings = read(&[("LOQUAT_DATA_DIR", "/srv/loquat"), ("LOQUAT_PROFILE", "second")]).unwrap();
        assert_eq!(settings.data_dir, PathBuf::from("/srv/loquat"));
    }

    #[test]
    fn a_profile_that_would_leave_its_folder_is_refused() {
        let refused = read(&[("HOME", "/home/ada"), ("LOQUAT_PROFILE", "../ben")]);
        assert_eq!(refused, Err(SettingsError::Profile("../ben".to_owned())));
    }

    #[test]
    fn an_unloading_time_that_is_no_number_is_refused_by_its_value() {
        let refused = read(&[("HOME", "/home/ada"), ("LOQUAT_UNLOAD_AFTER_S", "soon")]);
        assert_eq!(refused, Err(SettingsError::UnloadAfter("soon".to_owned())));
        let settings = read(&[("HOME", "/home/ada"), ("LOQUAT_UNLOAD_AFTER_S", "7")]).unwrap();
        assert_eq!(settings.unload_after, Duration::from_secs(7));
    }

    #[test]
    fn without_a_home_the_missing_setting_is_named() {
        assert_eq!(read(&[]), Err(SettingsError::NoDataDir));
    }
}

//! Where the door is, and how one gets through it: a Unix socket, on Windows a named pipe.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::line::{DoorError, Line};

/// The name of the door in a folder of data.
const DOOR: &str = "window.sock";

/// The longest path every system takes for a socket, in bytes: macOS has the smallest field, 104 with its end.
const LONGEST_PATH: usize = 100;

/// Where the door to this folder of data is.
///
/// It lies in the folder, which is the person's alone. A path too long for a socket is replaced by one in
/// `short`, which must be the person's alone as well; it is named after the folder, so both sides find it.
pub fn of(folder: &Path, short: &Path) -> PathBuf {
    let plain = folder.join(DOOR);
    if plain.as_os_str().len() <= LONGEST_PATH {
        return plain;
    }
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let name = hex::encode(&digest[..8]);
    short.join(format!("loquat-{name}.sock"))
}

pub use system::{Door, connect};

#[cfg(unix)]
mod system {
    use std::os::unix::fs::PermissionsExt;

    use tokio::net::{UnixListener, UnixStream};

    use super::{DoorError, Line, Path};

    /// The open door. There is one per profile, held by who holds the profile.
    pub struct Door(UnixListener);

    impl Door {
        /// Opens the door here. Whoever calls this holds the profile, so what lies there was left by a dead process.
        pub fn open(place: &Path) -> std::io::Result<Self> {
            match std::fs::remove_file(place) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let listener = UnixListener::bind(place)?;
            std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o600))?;
            Ok(Self(listener))
        }

        /// Waits for who comes next.
        pub async fn next(&mut self) -> std::io::Result<Line> {
            Ok(Line::over(self.0.accept().await?.0))
        }
    }

    /// Goes through the door at this place.
    pub async fn connect(place: &Path) -> Result<Line, DoorError> {
        Ok(Line::over(UnixStream::connect(place).await?))
    }
}

#[cfg(windows)]
mod system {
    use std::ffi::OsString;

    use sha2::{Digest, Sha256};
    use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeServer, ServerOptions};

    use super::{DoorError, Line, Path};

    /// The open door. There is one per profile, held by who holds the profile.
    pub struct Door {
        name: OsString,
        /// The end that the next one will come to: a pipe without one would refuse them.
        waiting: NamedPipeServer,
    }

    impl Door {
        /// Opens the door here, for this computer alone.
        pub fn open(place: &Path) -> std::io::Result<Self> {
            let name = pipe(place);
            let waiting = ServerOptions::new()
                .first_pipe_instance(true)
                .reject_remote_clients(true)
                .create(&name)?;
            Ok(Self { name, waiting })
        }

        /// Waits for who comes next.
        pub async fn next(&mut self) -> std::io::Result<Line> {
            self.waiting.connect().await?;
            let following = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
            Ok(Line::over(std::mem::replace(&mut self.waiting, following)))
        }
    }

    /// Goes through the door at this place.
    pub async fn connect(place: &Path) -> Result<Line, DoorError> {
        Ok(Line::over(ClientOptions::new().open(pipe(place))?))
    }

    /// Pipes have a space of names of their own, so the place becomes a name.
    fn pipe(place: &Path) -> OsString {
        let digest = Sha256::digest(place.as_os_str().as_encoded_bytes());
        format!(r"\\.\pipe\loquat-{}", hex::encode(&digest[..16])).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Hello, Shown};

    #[test]
    fn a_short_folder_has_its_door_inside() {
        let place = of(
            Path::new("/home/ada/.local/share/loquat/default"),
            Path::new("/run/user/1"),
        );
        assert_eq!(place, Path::new("/home/ada/.local/share/loquat/default/window.sock"));
    }

    #[test]
    fn folders_too_long_for_a_socket_have_doors_of_their_own_elsewhere() {
        let short = Path::new("/run/user/1");
        let one = of(&Path::new("/home").join("a".repeat(120)), short);
        let other = of(&Path::new("/home").join("b".repeat(120)), short);

        assert!(
            one.starts_with(short) && one.as_os_str().len() <= LONGEST_PATH,
            "{one:?}"
        );
        assert_ne!(one, other);
    }

    #[tokio::test]
    #[cfg(unix)]
    async fn one_who_comes_is_heard_and_answered() {
        let folder = tempfile::tempdir().unwrap();
        let place = of(folder.path(), folder.path());
        // Left by a process that was killed.
        drop(std::os::unix::net::UnixListener::bind(&place).unwrap());
        let mut door = Door::open(&place).unwrap();
        let coming = async {
            let mut line = connect(&place).await?;
            line.say(&Hello::Window).await?;
            line.first::<Shown>().await
        };
        let answering = async {
            let mut line = door.next().await.unwrap();
            assert_eq!(line.first::<Hello>().await.unwrap(), Hello::Window);
            line.say(&Shown).await
        };

        let (came, answered) = tokio::join!(coming, answering);

        answered.unwrap();
        assert_eq!(came.unwrap(), Shown);
    }

    #[tokio::test]
    #[cfg(unix)]
    async fn only_the_person_may_come_in() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let place = of(folder.path(), folder.path());
        let _door = Door::open(&place).unwrap();

        assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

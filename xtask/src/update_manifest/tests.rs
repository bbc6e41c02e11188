use base64::Engine as _;
use test_kit::update_server::{KeyPair, keys, signature};
use updates::verdict::judge;
use updates::{Key, Kind, Manifest, Platform, Verdict, Version};

use super::*;

const CONTENT: &[u8] = b"what is installed";

/// A folder with these files, signed.
fn assets(keys: &KeyPair, names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        fs::write(folder.path().join(name), CONTENT).unwrap();
        fs::write(
            folder.path().join(format!("{name}.minisig")),
            signature(keys, CONTENT, name),
        )
        .unwrap();
    }
    folder
}

fn wish(folder: &Path, channel: Channel, version: &str) -> Wish {
    Wish {
        assets: folder.to_owned(),
        channel,
        version: version.to_owned(),
        url: "https://updates.example.org/0.2.0/".to_owned(),
        notes: None,
    }
}

#[test]
fn an_app_of_every_sort_accepts_what_is_written() {
    let keys = keys();
    let names = [
        "loquat_0.2.0_amd64.AppImage",
        "loquat_0.2.0_amd64.deb",
        "loquat_0.2.0_amd64.rpm",
        "loquat_0.2.0_arm64.deb",
        "loquat_0.2.0_x64.exe",
        "loquat_0.2.0_x64.msi",
        "loquat_0.2.0_universal.dmg",
        "SHA256SUMS",
        "loquat-server_0.2.0_linux-amd64.tar.gz",
    ];
    let folder = assets(&keys, &names);
    fs::write(folder.path().join("notes.md"), "\nFaster.\n").unwrap();
    let mut wish = wish(folder.path(), Channel::Stable, "0.2.0");
    wish.notes = Some(folder.path().join("notes.md"));

    write(&wish).unwrap();

    let written = fs::read(folder.path().join("stable.json")).unwrap();
    let manifest = Manifest::read(&written).unwrap();
    let of = |kind, arch| Platform { kind, arch };
    for (platform, name) in [
        (of(Kind::AppImage, "x86_64"), names[0]),
        (of(Kind::Deb, "x86_64"), names[1]),
        (of(Kind::Rpm, "x86_64"), names[2]),
        (of(Kind::Deb, "aarch64"), names[3]),
        (of(Kind::Nsis, "x86_64"), names[4]),
        (of(Kind::Msi, "x86_64"), names[5]),
        (of(Kind::Dmg, "x86_64"), names[6]),
        (of(Kind::Dmg, "aarch64"), names[6]),
    ] {
        let Verdict::Newer(release) = judge(&manifest, &Version::new(0, 1, 0), (updates::Channel::Stable, platform))
        else {
            panic!("{platform:?} finds nothing");
        };
        assert_eq!(
            release.url.as_str(),
            format!("https://updates.example.org/0.2.0/{name}")
        );
        assert_eq!(release.notes, "Faster.");
        let seal = updates::Seal::read(&release.signature, &release.version, platform).unwrap();
        let key = Key::read(&keys.pk.to_base64()).unwrap();
        key.check(&seal, &mut &*CONTENT).unwrap();
    }
}

#[test]
fn a_signature_in_base64_is_taken_as_well() {
    let keys = keys();
    let name = "loquat_0.2.0_amd64.deb";
    let folder = assets(&keys, &[name]);
    let text = fs::read(folder.path().join(format!("{name}.minisig"))).unwrap();
    fs::remove_file(folder.path().join(format!("{name}.minisig"))).unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(text);
    fs::write(folder.path().join(format!("{name}.sig")), text).unwrap();

    let manifest = manifest(&wish(folder.path(), Channel::Beta, "0.2.0")).unwrap();

    let manifest = Manifest::read(manifest.to_string().as_bytes()).unwrap();
    let platform = Platform {
        kind: Kind::Deb,
        arch: "x86_64",
    };
    let release = manifest.release_for(platform).unwrap();
    updates::Seal::read(&release.signature, &release.version, platform).unwrap();
}

#[test]
fn what_apps_would_refuse_is_refused_here() {
    let keys = keys();
    let name = "loquat_0.2.0_amd64.deb";
    let folder = assets(&keys, &[name]);
    let refused = |wish: &Wish| manifest(wish).unwrap_err().to_string();

    assert!(refused(&wish(folder.path(), Channel::Stable, "0.3.0")).contains("has no file of version 0.3.0"));
    assert!(refused(&wish(folder.path(), Channel::Stable, "0.3.0-beta.1")).contains("beta channel"));
    let mut plain = wish(folder.path(), Channel::Stable, "0.2.0");
    plain.url = "http://updates.example.org/".to_owned();
    assert!(refused(&plain).contains("encrypted"));

    let signed = folder.path().join(format!("{name}.minisig"));
    fs::write(&signed, signature(&keys, CONTENT, "loquat_0.1.0_amd64.deb")).unwrap();
    assert!(refused(&wish(folder.path(), Channel::Stable, "0.2.0")).contains("does not say file:"));
    fs::remove_file(signed).unwrap();
    assert!(refused(&wish(folder.path(), Channel::Stable, "0.2.0")).contains("no signature"));
}

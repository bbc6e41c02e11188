//! WebSocket frames (RFC 6455) as the generator needs them: whole frames out, whole frames in, nothing copied twice.
//!
//! A client must mask what it sends; the key is zero, so that masking costs neither side anything but four bytes.

pub(super) const TEXT: u8 = 0x1;
pub(super) const CLOSE: u8 = 0x8;
pub(super) const PING: u8 = 0x9;
pub(super) const PONG: u8 = 0xA;

const FINAL: u8 = 0x80;
const MASKED: u8 = 0x80;

/// One frame of the other side.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    pub(super) opcode: u8,
    pub(super) payload: &'a [u8],
    /// Bytes of the whole frame.
    pub(super) length: usize,
}

/// What came is no frame that the generator reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum WireError {
    #[error("a message came in several frames")]
    Fragmented,
    #[error("a frame of a server was masked")]
    Masked,
}

/// Appends one frame as a client sends it.
pub(super) fn put_frame(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    out.push(FINAL | opcode);
    match payload.len() {
        length @ 0..=125 => out.push(MASKED | u8::try_from(length).unwrap_or(0)),
        length => {
            if let Ok(length) = u16::try_from(length) {
                out.push(MASKED | 0x7E);
                out.extend_from_slice(&length.to_be_bytes());
            } else {
                out.push(MASKED | 127);
                out.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

/// The frame at the beginning of these bytes; none while it is incomplete.
pub(super) fn next_frame(bytes: &[u8]) -> Result<Option<Frame<'_>>, WireError> {
    let [first, second, ..] = *bytes else {
        return Ok(None);
    };
    if second & MASKED != 0 {
        return Err(WireError::Masked);
    }
    let (size, head) = match second {
        126 => match bytes.get(2..4) {
            Some(size) => (u64::from(u16::from_be_bytes([size[0], size[1]])), 4),
            None => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|size| size.try_into().ok()) {
            Some(size) => (u64::from_be_bytes(size), 10),
            None => return Ok(None),
        },
        size => (u64::from(size), 2),
    };
    if first & FINAL == 0 || first.trailing_zeros() >= 4 {
        return Err(WireError::Fragmented);
    }
    let length = usize::try_from(size).map_or(usize::MAX, |size| size.saturating_add(head));
    Ok(bytes.get(head..length).map(|payload| Frame {
        opcode: first & 0x0F,
        payload,
        length,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same frame as a server sends it: without the mask.
    fn of_a_server(payload: &[u8]) -> Vec<u8> {
        let mut frame = Vec::new();
        put_frame(&mut frame, TEXT, payload);
        let head = frame.len() - payload.len() - 4;
        frame.drain(head..head + 4);
        frame[1] &= 0x7F;
        frame
    }

    #[test]
    fn frames_of_every_size_are_read_back_once_they_are_whole() {
        for size in [0, 1, 125, 126, 65_535, 65_536, 200_000] {
            let payload = vec![b'x'; size];
            let mut bytes = of_a_server(&payload);
            let length = bytes.len();
            assert_eq!(next_frame(&bytes[..length - 1]), Ok(None), "{size} without its end");
            bytes.push(0x81);
            let whole = Frame {
                opcode: TEXT,
                payload: &payload,
                length,
            };
            assert_eq!(next_frame(&bytes), Ok(Some(whole)), "{size}");
        }
        assert_eq!(next_frame(&[]), Ok(None));
    }

    #[test]
    fn parts_of_messages_and_masked_frames_are_refused() {
        assert_eq!(next_frame(&[0x01, 0x00]), Err(WireError::Fragmented));
        assert_eq!(next_frame(&[0x80, 0x00]), Err(WireError::Fragmented));
        assert_eq!(next_frame(&[0x81, 0x80, 0, 0, 0, 0]), Err(WireError::Masked));
    }
}

//! The first UART of the machine, polled. It is all the network there is: QEMU connects it to a
//! socket, and to the device one client after the other is one stream of bytes.

use crate::clock::Stopwatch;

/// Nobody sends any more: the client has gone, or is too slow.
pub struct Silence;

/// After so long without a byte in the middle of a request, the client is taken to be gone.
const PATIENCE: u32 = 1_000;
/// After so long without a byte, what follows is not the rest of what was not understood.
const PAUSE: u32 = 50;

pub struct Uart(());

impl Uart {
    /// Once only: there is one.
    pub fn start() -> Self {
        registers::start();
        Self(())
    }

    /// The next byte, however long it takes to come.
    pub fn wait(&mut self) -> u8 {
        loop {
            if let Some(byte) = registers::receive() {
                return byte;
            }
        }
    }

    /// The next byte of a request that has begun.
    pub fn read(&mut self) -> Result<u8, Silence> {
        self.read_within(PATIENCE)
    }

    /// Throws away what comes, until there is a pause.
    pub fn drain(&mut self) {
        while self.read_within(PAUSE).is_ok() {}
    }

    fn read_within(&mut self, milliseconds: u32) -> Result<u8, Silence> {
        let stopwatch = Stopwatch::start();
        loop {
            if let Some(byte) = registers::receive() {
                return Ok(byte);
            }
            if stopwatch.milliseconds() > milliseconds {
                return Err(Silence);
            }
        }
    }

    pub fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            registers::send(*byte);
        }
    }
}

fn read(register: u32) -> u32 {
    // SAFETY: `register` is one of those below, and reading it has no effect but the UART's.
    unsafe { core::ptr::read_volatile(register as *const u32) }
}

fn write(register: u32, value: u32) {
    // SAFETY: as above.
    unsafe { core::ptr::write_volatile(register as *mut u32, value) }
}

/// CMSDK APB UART.
#[cfg(not(feature = "microbit"))]
mod registers {
    use super::{read, write};

    const DATA: u32 = 0x4000_4000;
    const STATE: u32 = DATA + 4;
    const CONTROL: u32 = DATA + 8;
    const DIVISOR: u32 = DATA + 0x10;

    pub fn start() {
        write(DIVISOR, 16);
        write(CONTROL, 0b11); // transmit, receive
    }

    pub fn receive() -> Option<u8> {
        (read(STATE) & 0b10 != 0).then(|| read(DATA) as u8)
    }

    pub fn send(byte: u8) {
        while read(STATE) & 0b01 != 0 {}
        write(DATA, byte.into());
    }
}

/// The UART of the nRF51.
#[cfg(feature = "microbit")]
mod registers {
    use super::{read, write};

    const BASE: u32 = 0x4000_2000;
    const START_RX: u32 = BASE;
    const START_TX: u32 = BASE + 0x008;
    const RX_READY: u32 = BASE + 0x108;
    const TX_READY: u32 = BASE + 0x11c;
    const ENABLE: u32 = BASE + 0x500;
    const RX: u32 = BASE + 0x518;
    const TX: u32 = BASE + 0x51c;

    pub fn start() {
        write(ENABLE, 4);
        write(START_RX, 1);
        write(START_TX, 1);
    }

    pub fn receive() -> Option<u8> {
        (read(RX_READY) != 0).then(|| {
            write(RX_READY, 0);
            read(RX) as u8
        })
    }

    pub fn send(byte: u8) {
        write(TX_READY, 0);
        write(TX, byte.into());
        while read(TX_READY) == 0 {}
    }
}

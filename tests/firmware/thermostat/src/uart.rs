//! The UART of an nRF51, polled: all the network there is. QEMU connects it to a socket, and to the
//! device one client after the other is one stream of bytes.

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;

const BASE: u32 = 0x4000_2000;
const START_RX: u32 = BASE;
const START_TX: u32 = BASE + 0x008;
const RX_READY: u32 = BASE + 0x108;
const TX_READY: u32 = BASE + 0x11c;
const ENABLE: u32 = BASE + 0x500;
const RX: u32 = BASE + 0x518;
const TX: u32 = BASE + 0x51c;

/// About a second of the 16 MHz that the processor runs at: the longest that its timer can count.
const PATIENCE: u32 = 0x00ff_ffff;

/// Nobody has sent anything for a second: the client has gone, or is too slow.
pub struct Silence;

pub struct Uart {
    /// No clock, but it tells how long nothing has come.
    timer: SYST,
}

impl Uart {
    pub fn start(mut timer: SYST) -> Self {
        timer.set_clock_source(SystClkSource::Core);
        timer.set_reload(PATIENCE);
        timer.enable_counter();
        write(ENABLE, 4);
        write(START_RX, 1);
        write(START_TX, 1);
        Self { timer }
    }

    /// The next byte, however long it takes to come.
    pub fn wait(&mut self) -> u8 {
        loop {
            if let Some(byte) = receive() {
                return byte;
            }
        }
    }

    /// The next byte of a request that has begun.
    pub fn read(&mut self) -> Result<u8, Silence> {
        if let Some(byte) = receive() {
            return Ok(byte);
        }
        self.timer.clear_current();
        loop {
            if let Some(byte) = receive() {
                return Ok(byte);
            }
            if self.timer.has_wrapped() {
                return Err(Silence);
            }
        }
    }

    pub fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            write(TX_READY, 0);
            write(TX, u32::from(*byte));
            while read(TX_READY) == 0 {}
        }
    }
}

fn receive() -> Option<u8> {
    if read(RX_READY) == 0 {
        return None;
    }
    write(RX_READY, 0);
    Some(read(RX) as u8)
}

fn read(register: u32) -> u32 {
    // SAFETY: `register` is one of those above, and reading it has no effect but the UART's.
    unsafe { core::ptr::read_volatile(register as *const u32) }
}

fn write(register: u32, value: u32) {
    // SAFETY: as above.
    unsafe { core::ptr::write_volatile(register as *mut u32, value) }
}

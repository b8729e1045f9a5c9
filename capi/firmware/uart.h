/* The first UART of an mps2-an385 (CMSDK APB UART), polled. QEMU connects it to a socket. */
#ifndef UART_H
#define UART_H

#include <stdint.h>

#define UART_REGISTER(offset) (*(volatile uint32_t *)(0x40004000u + (offset)))

static inline void uart_start(void)
{
    UART_REGISTER(0x10) = 16;
    UART_REGISTER(8) = 3;
}

static inline int uart_receive(void)
{
    while (!(UART_REGISTER(4) & 2)) {
    }
    return (int)(UART_REGISTER(0) & 0xff);
}

/* Whether a byte comes within a while: some hundredths of a second at 25 MHz. */
static inline int uart_goes_on(void)
{
    uint32_t left = 100000;
    while (left && !(UART_REGISTER(4) & 2)) {
        left--;
    }
    return left != 0;
}

static inline void uart_send(char byte)
{
    while (UART_REGISTER(4) & 1) {
    }
    UART_REGISTER(0) = (uint8_t)byte;
}

#endif

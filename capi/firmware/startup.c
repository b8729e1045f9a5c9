/* What runs before main: the table of vectors, and the memory as C expects it. */
#include <stdint.h>

extern uint32_t stack_top, data_start, data_end, data_load, bss_start, bss_end;
int main(void);

static void reset(void)
{
    uint32_t *from = &data_load, *to = &data_start;
    while (to < &data_end) {
        *to++ = *from++;
    }
    for (to = &bss_start; to < &bss_end;) {
        *to++ = 0;
    }
    main();
}

static void fault(void)
{
    for (;;) {
    }
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    &stack_top, (const void *)(uintptr_t)reset, (const void *)(uintptr_t)fault, (const void *)(uintptr_t)fault,
};

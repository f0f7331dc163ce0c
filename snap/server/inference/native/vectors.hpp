// Sixteen lanes of arithmetic, written with the vector extensions of GCC and Clang: the compiler makes AVX-512, AVX2,
// NEON or plain code of it. Where one instruction of AVX-512 does what takes several, it is named.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pie {

constexpr int LANES = 16;

typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Ints __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));

constexpr Ints COUNTING = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr Ints ONE_BIT = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768};

template <class V> inline V load(const void* from) {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

template <class V> inline void store(void* to, V v) { std::memcpy(to, &v, sizeof v); }

inline Floats all(float x) { return Floats{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

inline Words all(uint32_t x) { return Words{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

inline Floats choose(Ints where, Floats yes, Floats no) {
    return (Floats)(((Ints)yes & where) | ((Ints)no & ~where));
}

inline Floats larger(Floats a, Floats b) {
#if defined(__AVX512F__)
    return (Floats)_mm512_max_ps((__m512)a, (__m512)b);
#else
    return choose(a > b, a, b);
#endif
}

inline float sum(Floats v) {
#if defined(__AVX512F__)
    return _mm512_reduce_add_ps((__m512)v);
#else
    float part[4] = {0, 0, 0, 0};
    for (int i = 0; i < LANES; i += 4)
        for (int j = 0; j < 4; ++j) part[j] += v[i + j];
    return (part[0] + part[1]) + (part[2] + part[3]);
#endif
}

// ---- bfloat16: the upper half of a float, rounded to nearest even

inline Floats low_half(Words pairs) { return (Floats)(pairs << 16); }

inline Floats high_half(Words pairs) { return (Floats)(pairs & 0xffff0000u); }

inline Floats widen(const uint16_t* from) {
    return (Floats)(__builtin_convertvector(load<Halves>(from), Words) << 16);
}

inline float widen_one(uint16_t half) {
    uint32_t bits = (uint32_t)half << 16;
    float x;
    std::memcpy(&x, &bits, 4);
    return x;
}

inline Words rounded(Floats x) {
    Words bits = (Words)x;
    Words up = bits + 0x7fffu + ((bits >> 16) & 1u);
    Words nan = (Words)(x != x);
    return (up & ~nan) | ((bits | 0x400000u) & nan);
}

// Pairs of bfloat16: `low` in the lower half of each word.
inline Words pairs(Floats low, Floats high) {
#if defined(__AVX512BF16__)
    const Words order = (Words)COUNTING | ((Words)COUNTING + LANES) << 16;
    return (Words)_mm512_permutexvar_epi16((__m512i)order, (__m512i)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low));
#else
    return (rounded(low) >> 16) | (rounded(high) & 0xffff0000u);
#endif
}

// ---- from rows to lanes and back

#if defined(__AVX512F__)
// Swaps the upper part of each 2 * STEP words of a with the lower part of those of b.
template <int STEP, int... I> inline void exchange(Words& a, Words& b, std::integer_sequence<int, I...>) {
    const __m512i low = (__m512i)(Ints{(I & STEP ? LANES + I - STEP : I)...});
    const __m512i high = (__m512i)(Ints{(I & STEP ? LANES + I : I + STEP)...});
    Words lower = (Words)_mm512_permutex2var_epi32((__m512i)a, low, (__m512i)b);
    b = (Words)_mm512_permutex2var_epi32((__m512i)a, high, (__m512i)b);
    a = lower;
}

template <int STEP> inline void exchange_all(Words (&rows)[LANES]) {
    for (int i = 0; i < LANES; ++i)
        if (!(i & STEP)) exchange<STEP>(rows[i], rows[i + STEP], std::make_integer_sequence<int, LANES>());
}
#endif

// rows[i][j] becomes rows[j][i].
inline void transpose(Words (&rows)[LANES]) {
#if defined(__AVX512F__)
    exchange_all<8>(rows);
    exchange_all<4>(rows);
    exchange_all<2>(rows);
    exchange_all<1>(rows);
#else
    for (int i = 0; i < LANES; ++i)
        for (int j = 0; j < i; ++j) {
            uint32_t word = rows[i][j];
            rows[i][j] = rows[j][i];
            rows[j][i] = word;
        }
#endif
}

// `count` words of each of 16 rows, to[word][lane]; row(lane) is where one is, or null: zeros.
template <class F> inline void to_lanes(F&& row, int count, Words* to) {
    for (int first = 0; first < count; first += LANES) {
        int here = count - first < LANES ? count - first : LANES;
        Words part[LANES] = {};
        for (int lane = 0; lane < LANES; ++lane)
            if (auto from = (const char*)row(lane)) {
                if (here == LANES)
                    part[lane] = load<Words>(from + first * 4);
                else
                    std::memcpy(&part[lane], from + first * 4, here * 4);
            }
        transpose(part);
        for (int i = 0; i < here; ++i) to[first + i] = part[i];
    }
}

// The reverse: what belongs to a row that is null is dropped.
template <class F> inline void to_rows(const Words* from, int count, F&& row) {
    for (int first = 0; first < count; first += LANES) {
        int here = count - first < LANES ? count - first : LANES;
        Words part[LANES] = {};
        for (int i = 0; i < here; ++i) part[i] = from[first + i];
        transpose(part);
        for (int lane = 0; lane < LANES; ++lane)
            if (auto to = (char*)row(lane)) {
                if (here == LANES)
                    store(to + first * 4, part[lane]);
                else
                    std::memcpy(to + first * 4, &part[lane], here * 4);
            }
    }
}

// ---- functions

// 2 to the x, to about 2e-7 of the value; 0 far below -126, and for x up to 127.
inline Floats power_of_two(Floats x) {
#if defined(__AVX512F__)
    Floats whole = (Floats)_mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
    Ints there = x > all(-126.0f);
    x = larger(x, all(-126.0f));
    Floats shifted = x + 12582912.0f;  // 1.5 * 2^23: the sum is rounded to an integer
    Floats whole = shifted - 12582912.0f;
#endif
    Floats f = x - whole;
    Floats p = all(0.00133335581f);
    p = p * f + 0.00961812911f;
    p = p * f + 0.0555041087f;
    p = p * f + 0.240226507f;
    p = p * f + 0.693147181f;
    p = p * f + 1.0f;
#if defined(__AVX512F__)
    return (Floats)_mm512_scalef_ps((__m512)p, (__m512)whole);
#else
    Ints power = (Ints)shifted - 0x4b400000 + 127;
    return (Floats)((Ints)(p * (Floats)(power << 23)) & there);
#endif
}

// The 16 floats at from[0], from[16], from[32], ...
inline Floats column(const float* from) {
#if defined(__AVX512F__)
    const __m512i index = (__m512i)(Ints{0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240});
    return (Floats)_mm512_i32gather_ps(index, from, 4);
#else
    Floats v;
    for (int i = 0; i < LANES; ++i) v[i] = from[i * LANES];
    return v;
#endif
}

// 1 / x, to about 1e-7 of the value, for x from 1 up.
inline Floats reciprocal(Floats x) {
#if defined(__AVX512F__)
    Floats guess = (Floats)_mm512_rcp14_ps((__m512)x);
    return guess * (2.0f - x * guess);
#else
    return 1.0f / x;
#endif
}

inline Floats silu(Floats x) { return x * reciprocal(1.0f + power_of_two(larger(x, all(-87.0f)) * -1.44269504f)); }

}  // namespace pie

// Sixteen lanes of arithmetic, written with the vector extensions of GCC and Clang: the compiler makes AVX-512, AVX2,
// NEON or plain code of it. Where one instruction of AVX-512 does what takes several, it is named.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

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
    Words l = (Words)_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)low));
    Words h = (Words)_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)high));
    return l | (h << 16);
#else
    return (rounded(low) >> 16) | (rounded(high) & 0xffff0000u);
#endif
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

inline Floats bounded(Floats x, float limit) {
    x = larger(x, all(-limit));
    return choose(x < all(limit), x, all(limit));
}

inline Floats silu(Floats x) { return x / (1.0f + power_of_two(bounded(x, 88.0f) * -1.44269504f)); }

}  // namespace pie

// Products of rows of a matrix with the vectors of many tokens: all of a transformer's arithmetic but a few percent.
//
// Rows lie one after another, as in the model's weights, in a page of keys, or in transposed values. Vectors lie in
// blocks of 16 tokens, one to a lane: block[k][lane], where k counts elements of a float32 model and pairs of elements
// of a bfloat16 one. The products come out in the same shape, [row][lane] float32, and are the next block's rows: from
// embedding to logits nothing is transposed but queries, keys and values.
#pragma once

#include "vectors.hpp"

#if defined(__AMX_BF16__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#define PIE_AMX 1
#endif

namespace pie {

struct F32 {
    using Value = float;
    static constexpr int PACK = 1;  // values in a word

    static Floats step(Floats sum, const float* row, int k, Words x) { return sum + all(row[k]) * (Floats)x; }
    static Words pack(const Floats* f) { return (Words)f[0]; }
    // What was packed, one value in a lane: to[0], to[stride], ...
    static void unpack(Words x, float* to, size_t) { store(to, x); }
    static Floats values(const float* from) { return load<Floats>(from); }
    static float value(float x) { return x; }
};

struct BF16 {
    using Value = uint16_t;
    static constexpr int PACK = 2;

    static Floats step(Floats sum, const uint16_t* row, int k, Words x) {
        uint32_t pair;
        std::memcpy(&pair, row + 2 * k, 4);
#if defined(__AVX512BF16__)
        return (Floats)_mm512_dpbf16_ps((__m512)sum, (__m512bh)x, (__m512bh)all(pair));
#else
        Words both = all(pair);
        return sum + low_half(both) * low_half(x) + high_half(both) * high_half(x);
#endif
    }
    static Words pack(const Floats* f) { return pairs(f[0], f[1]); }
    static void unpack(Words x, uint16_t* to, size_t stride) {
        store(to, __builtin_convertvector(x, Halves));
        store(to + stride, __builtin_convertvector(x >> 16, Halves));
    }
    static Floats values(const uint16_t* from) { return widen(from); }
    static float value(uint16_t x) { return widen_one(x); }
};

// Up to 16 rows.
template <class T> struct Panel {
    const typename T::Value* data;
    size_t stride;  // in values
    int rows;

    const typename T::Value* row(int r) const { return data + (r < rows ? r : rows - 1) * stride; }
    Panel from(int column) const { return {data + column, stride, rows}; }
};

// Rows that are read soon, to the second-level cache. They lie one after another.
template <class T> inline void fetch_rows(const Panel<T>& panel) {
    auto from = (const char*)panel.data;
    for (size_t at = 0; at < panel.rows * panel.stride * sizeof(typename T::Value); at += 64) __builtin_prefetch(from + at, 0, 2);
}

// ---- AMX: 16 rows by 16 lanes by 32 values in one instruction

inline bool amx_allowed() {
#ifdef PIE_AMX
    constexpr int ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18;
    return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
#else
    return false;
#endif
}

#ifdef PIE_AMX
inline void amx_configure() {
    struct alignas(64) {
        uint8_t palette = 1, start = 0, reserved[14] = {};
        uint16_t bytes[16] = {};
        uint8_t rows[16] = {};
    } config;
    for (int tile = 0; tile < 8; ++tile) config.bytes[tile] = 64, config.rows[tile] = 16;
    asm volatile("" : : "r"(&config) : "memory");  // the compiler does not see that what follows reads memory
    _tile_loadconfig(&config);
}

// Two panels by two blocks: four sums, each operand used twice. `ahead`: the panels that are read next, or null. The
// panels are used again for other blocks, so that blocks are loaded past the first-level cache.
inline void amx_products(const Panel<BF16>& a, const Panel<BF16>& b, int depth, const Words* x, const Words* y,
                         float* const (&out)[2][2], const uint16_t* const* ahead) {
    size_t stride_a = a.stride * 2, stride_b = b.stride * 2;
    bool second = b.rows > 0;
    asm volatile("" : : : "memory");  // as above
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (int k = 0; k < depth; k += 32) {
        if (ahead)
            for (int r = 0; r < 16; ++r) {
                _mm_prefetch((const char*)(ahead[0] + r * a.stride + k), _MM_HINT_T1);
                _mm_prefetch((const char*)(ahead[1] + r * a.stride + k), _MM_HINT_T1);
            }
        _tile_loadd(4, a.data + k, stride_a);
        _tile_stream_loadd(6, x + k / 2, 64);
        _tile_dpbf16ps(0, 4, 6);
        if (y) {
            _tile_stream_loadd(7, y + k / 2, 64);
            _tile_dpbf16ps(1, 4, 7);
        }
        if (second) {
            _tile_loadd(5, b.data + k, stride_b);
            _tile_dpbf16ps(2, 5, 6);
            if (y) _tile_dpbf16ps(3, 5, 7);
        }
    }
    _tile_stored(0, out[0][0], 64);
    if (y) _tile_stored(1, out[0][1], 64);
    if (second) _tile_stored(2, out[1][0], 64);
    if (second && y) _tile_stored(3, out[1][1], 64);
}
#endif

// ---- any other machine

#if defined(__AVX512F__)
constexpr int GROUP = 8;  // rows at a time: as many sums as the registers hold, beside the operands
#else
constexpr int GROUP = 4;
#endif

template <class T, int BLOCKS>
inline void group_products(const Panel<T>& panel, int first, int steps, const Words* x, const Words* y, float* out_x,
                           float* out_y) {
    const typename T::Value* row[GROUP];
    for (int r = 0; r < GROUP; ++r) row[r] = panel.row(first + r);
    Floats total[GROUP][BLOCKS] = {};
    for (int k = 0; k < steps; ++k) {
        Words vx = x[k], vy = BLOCKS > 1 ? y[k] : vx;
        for (int r = 0; r < GROUP; ++r) {
            total[r][0] = T::step(total[r][0], row[r], k, vx);
            if (BLOCKS > 1) total[r][BLOCKS - 1] = T::step(total[r][BLOCKS - 1], row[r], k, vy);
        }
    }
    for (int r = 0; r < GROUP; ++r) {
        store(out_x + (first + r) * LANES, total[r][0]);
        if (BLOCKS > 1) store(out_y + (first + r) * LANES, total[r][BLOCKS - 1]);
    }
}

// out[p][q][16][16]: panel p (a, or b if it has rows) times block q (x, or y unless it is null).
template <class T>
inline void products(bool amx, const Panel<T>& a, const Panel<T>& b, int depth, const Words* x, const Words* y,
                     float* const (&out)[2][2], const typename T::Value* const* ahead = nullptr) {
#ifdef PIE_AMX
    if constexpr (T::PACK == 2)
        if (amx && depth % 32 == 0 && a.rows == 16 && (b.rows == 0 || b.rows == 16))
            return amx_products(a, b, depth, x, y, out, ahead);
#endif
    int steps = depth / T::PACK;
    for (int p = 0; p < 2; ++p) {
        const Panel<T>& panel = p == 0 ? a : b;
        for (int first = 0; first < panel.rows; first += GROUP)
            if (y)
                group_products<T, 2>(panel, first, steps, x, y, out[p][0], out[p][1]);
            else
                group_products<T, 1>(panel, first, steps, x, x, out[p][0], out[p][0]);
    }
}

// ---- one token: the rows are read at the speed of memory, by vectors along them

// x: a vector. out: [16][LANES], of which the first lane is written.
template <class T> inline void dots(const Panel<T>& panel, int depth, const typename T::Value* x, float* out) {
    constexpr int ROWS = 4;
    for (int first = 0; first < panel.rows; first += ROWS) {
        const typename T::Value* row[ROWS];
        for (int r = 0; r < ROWS; ++r) row[r] = panel.row(first + r);
        Floats total[ROWS] = {};
        int k = 0;
#if defined(__AVX512BF16__)
        if constexpr (T::PACK == 2)
            for (; k + 32 <= depth; k += 32) {
                __m512bh v = (__m512bh)load<Words>(x + k);
                for (int r = 0; r < ROWS; ++r)
                    total[r] = (Floats)_mm512_dpbf16_ps((__m512)total[r], (__m512bh)load<Words>(row[r] + k), v);
            }
#endif
        for (; k + LANES <= depth; k += LANES) {
            Floats v = T::values(x + k);
            for (int r = 0; r < ROWS; ++r) total[r] += T::values(row[r] + k) * v;
        }
        for (int r = 0; r < ROWS; ++r) {
            float s = sum(total[r]);
            for (int rest = k; rest < depth; ++rest) s += T::value(row[r][rest]) * T::value(x[rest]);
            out[(first + r) * LANES] = s;
        }
    }
}

}  // namespace pie

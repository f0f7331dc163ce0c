// What ctypes hands over: a model's shape and weights, and a batch. All pointers are to contiguous memory.
//
// `model.py` declares the same structures, field by field.
#pragma once

#include <cstdint>

namespace pie {

struct Shape {
    int32_t layers, hidden, inner, heads, kv_heads, head_dim, page_size, bfloat16;
    float epsilon;
    const void* embedding;  // [V, H]
    const float* turns;  // [context, D / 2] cosine and sine
    int64_t page;  // values from a page to the next
};

struct LayerPointers {
    const float* attention_norm;  // [H]
    const float* mlp_norm;
    const void *qkv, *output, *gate_up, *down;
    const float* qkv_bias;  // [Q + 2K], or null
    const float *query_norm, *key_norm;  // [D], or null
    void *keys, *values;  // pages of [page_size, K]
    int32_t window;  // places that a query sees, itself included; 0: all
};

struct Rows {
    int64_t count;
    const int64_t *start, *pages, *page_start, *length;  // [R+1], [P], [R+1], [R]
    // where a row sees something else than all that comes before: bits of 16 places for each page of each token, for
    // layers without a window and with one; where a row's begin [R], or -1
    const uint16_t* seen[2];
    const int64_t* seen_start;
    // groups of rows whose page tables begin alike: members of all groups, where a group's begin [G+1], and how many
    // keys a row has in common with its group [R]
    int64_t groups;
    const int64_t *member, *member_start, *shared;

    int common(int row, bool window) const { return groups && !window ? (int)shared[row] : 0; }
    int place(int row, int64_t token) const { return (int)(length[row] - start[row + 1] + token); }
    const uint16_t* bits(int row, int64_t token, bool window) const {
        if (!seen_start || seen_start[row] < 0) return nullptr;
        return seen[window] + seen_start[row] + (token - start[row]) * ((length[row] + 15) / 16);
    }
};

// What an adapter adds to a product: x [in] times down [rank, in], times up [out, rank]; no rank: nothing.
struct LowRank {
    const void *down, *up;
    int32_t rank;
};

enum Part { QKV, OUTPUT, GATE_UP, DOWN, PARTS };

struct Step {
    int64_t count;
    const int64_t *tokens, *positions, *cells;  // [N]
    Rows rows;
    float* hidden;  // [N, H]
    const void* inputs;  // [N, H] in place of the tokens' embeddings, or null
    int64_t adapter_count;
    const LowRank* const* adapters;  // [A], each [layers, PARTS]
    const int64_t* adapter;  // [N] index of each token's adapter, or -1
    int64_t scored_count;
    const int64_t *scored, *score_start;  // [S] rows whose entries' shares of attention are asked for, [S+1] where these begin
    float* scores;  // [K heads, all of these], added up over layers, tokens and the heads that share a KV head
};

}  // namespace pie

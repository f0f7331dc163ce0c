// The forward pass of a Llama model over a ragged batch with a paged KV cache, on a CPU, in one call.
//
// Comes in: pointers to the weights, which stay where they are; then for each batch its tokens and rows, checked
// already. Goes out: hidden states; keys and values in the cache. `model.py` is the caller.
#include <algorithm>
#include <memory>
#include <new>

#include "arguments.hpp"
#include "products.hpp"
#include "sampling.hpp"
#include "threads.hpp"

namespace pie {

constexpr size_t CACHED = 5 << 18;  // bytes of vectors that stay in a core's second-level cache beside weights
constexpr int COLUMNS = 640;  // of 32 rows of bfloat16 weights, that stay in its first-level cache
constexpr size_t SQUARE = LANES * LANES;
constexpr int KEYS = 128;  // keys that attention looks at in one go: whole pages
constexpr int MANY = LANES;  // queries of a row that share a KV head from which values are transposed for products
constexpr float NEVER = -1e30f;  // the score of a key that is not seen
constexpr int NOWHERE = 1 << 30;  // the position of a lane without a query

// Memory that is kept from batch to batch.
template <class V> class Scratch {
public:
    V* get(size_t count) {
        if (count > size_) {
            data_.reset();
            size_ = 0;
            data_.reset(static_cast<V*>(::operator new(count * sizeof(V), std::align_val_t(64))));
            size_ = count;
        }
        return data_.get();
    }

private:
    struct Free {
        void operator()(V* data) const { ::operator delete(data, std::align_val_t(64)); }
    };
    std::unique_ptr<V, Free> data_;
    size_t size_ = 0;
};

class Engine {
public:
    explicit Engine(int threads) : pool_(threads) {}
    virtual ~Engine() = default;
    virtual void forward(const Step& step) = 0;
    virtual void attention(int layer, const void* queries, void* out, const Rows& rows) = 0;
    virtual void linear(const void* weight, int out, int depth, const void* x, int count, float* y) = 0;

    // Calls read(row of logits, its number) for each of the rows.
    template <class F> void each_row(const float* logits, int rows, int size, F&& read) {
        pool_.run(rows, [&](int row) { read(Row(logits + (size_t)row * size, size), row); });
    }

protected:
    Pool pool_;
};

template <class T> class Model final : public Engine {
    using Value = typename T::Value;

public:
    Model(const Shape& shape, const LayerPointers* layers, int threads)
        : Engine(threads), s_(shape), layers_(layers, layers + shape.layers), amx_(T::PACK == 2 && amx_allowed()) {
        width_ = s_.heads * s_.head_dim;
        kv_width_ = s_.kv_heads * s_.head_dim;
    }

    void forward(const Step& step) override {
        begin();
        int count = (int)step.count, blocks = (count + LANES - 1) / LANES, total = width_ + 2 * kv_width_;
        Floats* sum = sum_.get((size_t)blocks * s_.hidden);
        Words* x = x_.get((size_t)blocks * s_.hidden / T::PACK);
        Words* attended = attended_.get((size_t)blocks * width_ / T::PACK);
        Words* inner = inner_.get((size_t)blocks * s_.inner / T::PACK);
        Floats* turns = turns_.get((size_t)blocks * s_.head_dim);
        Value* qkv = qkv_.get((size_t)blocks * LANES * total);
        Value* out = out_.get((size_t)blocks * LANES * width_);
        each_block(blocks, [&](int block) { embed(step, block, sum, turns); });
        for (int index = 0; index < s_.layers; ++index) {
            const LayerPointers& layer = layers_[index];
            each_block(blocks, [&](int block) { norm(sum, block, layer.attention_norm, x); });
            const Floats* changes = adapted(step, index, QKV, total, s_.hidden, x);
            product(layer.qkv, total, s_.hidden, x, count, [&](int row, int block, float* a, float* b) {
                Words packed[2 * LANES / T::PACK];
                int done = 0;
                for (float* tile : {a, b}) {
                    if (!tile) break;
                    int here = std::min(LANES, total - row - done);
                    if (changes) add(tile, changes + (size_t)block * total + row + done, here);
                    turn_heads(layer, row + done, here, block, tile, turns);
                    for (int r = 0; r < here; r += T::PACK) packed[(done + r) / T::PACK] = T::pack((const Floats*)tile + r);
                    done += here;
                }
                to_rows(packed, done / T::PACK, [&](int lane) {
                    return lane < lanes(count, block) ? qkv + (size_t)(block * LANES + lane) * total + row : nullptr;
                });
            });
            if (layer.query_norm)
                each_block(blocks, [&](int block) { norm_heads(layer, step, block, qkv); });
            each_block(blocks, [&](int block) {
                for (int token = block * LANES; token < std::min(count, block * LANES + LANES); ++token) {
                    int64_t page = step.cells[token] / LANES, at = step.cells[token] % LANES;
                    const Value* from = qkv + (size_t)token * total + width_;
                    std::memcpy(entry(layer.keys, page, at), from, kv_width_ * sizeof(Value));
                    std::memcpy(entry(layer.values, page, at), from + kv_width_, kv_width_ * sizeof(Value));
                }
            });
            attend(layer, qkv, total, out, step.rows);
            if (step.scored_count) add_scores(step, layer, qkv, total);
            each_block(blocks, [&](int block) { blocked(out, width_, count, block, attended); });
            add_product(layer.output, s_.hidden, width_, attended, count, sum);
            add_adapters(step, index, OUTPUT, s_.hidden, width_, attended, sum);
            each_block(blocks, [&](int block) { norm(sum, block, layer.mlp_norm, x); });
            gated(layer.gate_up, x, count, inner, adapted(step, index, GATE_UP, 2 * s_.inner, s_.hidden, x));
            add_product(layer.down, s_.hidden, s_.inner, inner, count, sum);
            add_adapters(step, index, DOWN, s_.hidden, s_.inner, inner, sum);
        }
        each_block(blocks, [&](int block) {
            const Floats* from = sum + (size_t)block * s_.hidden;
            for (int lane = 0; lane < lanes(count, block); ++lane)
                for (int h = 0; h < s_.hidden; ++h)
                    step.hidden[(size_t)(block * LANES + lane) * s_.hidden + h] = from[h][lane];
        });
    }

    // queries [N, heads, D] to out [N, heads, D].
    void attention(int layer, const void* queries, void* out, const Rows& rows) override {
        begin();
        attend(layers_[layer], (const Value*)queries, width_, (Value*)out, rows);
    }

    // x [count, depth] times weight [out, depth], transposed, to y [count, out].
    void linear(const void* weight, int out, int depth, const void* x, int count, float* y) override {
        begin();
        int blocks = (count + LANES - 1) / LANES;
        Words* packed = x_.get((size_t)blocks * depth / T::PACK);
        each_block(blocks, [&](int block) { blocked((const Value*)x, depth, count, block, packed); });
        product(weight, out, depth, packed, count, [&](int row, int block, float* a, float* b) {
            for (float* tile : {a, b}) {
                if (!tile) break;
                for (int lane = 0; lane < lanes(count, block); ++lane) {
                    float* to = y + (size_t)(block * LANES + lane) * out + row;
                    for (int r = 0; r < std::min(LANES, out - row); ++r) to[r] = tile[r * LANES + lane];
                }
                row += LANES;
            }
        });
    }

private:
    void begin() {
        static std::atomic<uint64_t> calls{0};
        call_ = ++calls;
    }

    // A thread's tile registers hold what torch left there: set them anew once in each call.
    void prepare() const {
#ifdef PIE_AMX
        static thread_local uint64_t prepared = 0;
        if (amx_ && prepared != call_) {
            amx_configure();
            prepared = call_;
        }
#endif
    }

    static int lanes(int count, int block) { return std::min(LANES, count - block * LANES); }

    template <class F> void each_block(int blocks, F&& body) {
        if (blocks > 2)
            pool_.run(blocks, body);
        else
            for (int block = 0; block < blocks; ++block) body(block);
    }

    // ---- products with weights

    // Calls done(first row, block, tile, second tile or null) for each 16 rows (or 2 times 16) and block of tokens.
    // The second panel of rows lies `apart` rows after the first. Of rows that are longer, `stride`, these are columns.
    template <class F>
    void product(const void* weight, int rows, int depth, const Words* x, int count, F&& done, int apart = LANES,
                 int stride = 0) {
        stride = std::max(stride, depth);
        const Value* data = (const Value*)weight;
        bool twin = apart != LANES;
        int wide = twin ? LANES : 2 * LANES, limit = twin ? apart : rows;
        int units = (limit + wide - 1) / wide, blocks = (count + LANES - 1) / LANES, steps = stride / T::PACK;
        Value* flat = nullptr;
        if (count == 1) {
            flat = flat_.get(depth);
            for (int k = 0; k < depth / T::PACK; ++k) {
                uint32_t word = x[k][0];
                std::memcpy(flat + k * T::PACK, &word, 4);
            }
        }
        // tokens are taken in groups whose vectors stay in a core's cache while the weights stream past
        int group = std::max(2, (int)(CACHED / (sizeof(Words) * depth / T::PACK)) & ~1), groups = (blocks + group - 1) / group;
        pool_.run(units * groups, [&, data, flat](int index) {
            prepare();
            alignas(64) float tile[4 * SQUARE];
            int unit = index % units, row = unit * wide;
            auto panel = [&](int first, int end) {
                return Panel<T>{data + (size_t)first * stride, (size_t)stride, std::clamp(end - first, 0, LANES)};
            };
            Panel<T> a = panel(row, limit), b = panel(row + apart, twin ? rows : limit);
            bool second = b.rows > 0;
            size_t further = (size_t)pool_.size() * wide * stride;  // where this thread will most likely go on
            const Value* next[2] = {a.data + further, b.data + further};
            bool more = unit + pool_.size() < units;
            if (flat) {
                if (more)
                    for (const Value* rows : next) fetch_rows(Panel<T>{rows, (size_t)depth, LANES});
                std::memset(tile, 0, sizeof tile);
                dots<T>(a, depth, flat, tile);
                if (second) dots<T>(b, depth, flat, tile + SQUARE);
                done(row, 0, tile, second ? tile + SQUARE : nullptr);
                return;
            }
            int begin = index / units * group, end = std::min(blocks, begin + group);
            for (int block = begin; block < end; block += 2) {
                const Words* first = x + (size_t)block * steps;
                bool two = block + 1 < end;
                float* const out[2][2] = {{tile, tile + SQUARE}, {tile + 2 * SQUARE, tile + 3 * SQUARE}};
                products<T>(amx_, a, b, depth, first, two ? first + steps : nullptr, out, more && block == begin ? next : nullptr);
                done(row, block, out[0][0], second ? out[1][0] : nullptr);
                if (two) done(row, block + 1, out[0][1], second ? out[1][1] : nullptr);
            }
        });
    }

    // sum[block][rows] += product.
    auto adder(Floats* sum, int rows) {
        return [sum, rows](int row, int block, float* a, float* b) {
            for (float* tile : {a, b}) {
                if (!tile) break;
                Floats* to = sum + (size_t)block * rows + row;
                for (int r = 0; r < std::min(LANES, rows - row); ++r) {
                    to[r] += load<Floats>(tile + r * LANES);
                    __builtin_prefetch(to + r + 2 * (size_t)rows, 1);  // a thread goes on two blocks further
                }
                row += LANES;
            }
        };
    }

    // The product is added to sum[block][rows], for many tokens so many columns at a time that those of a panel stay in
    // a core's first-level cache from block to block.
    void add_product(const void* weight, int rows, int depth, const Words* x, int count, Floats* sum) {
        int parts = count > 8 * LANES ? (depth + COLUMNS - 1) / COLUMNS : 1, wide = ((depth + parts - 1) / parts + 31) / 32 * 32;
        for (int k = 0; k < depth; k += wide)
            product((const Value*)weight + k, rows, std::min(wide, depth - k), x + k / T::PACK, count, adder(sum, rows), LANES,
                    depth);
    }

    static void add(float* tile, const Floats* changes, int rows) {
        for (int r = 0; r < rows; ++r) store(tile + r * LANES, load<Floats>(tile + r * LANES) + changes[r]);
    }

    // ---- adapters

    // What the tokens' adapters add to a product with a matrix of `rows` by `depth`: sum[block][rows] += it.
    void add_adapters(const Step& step, int layer, Part part, int rows, int depth, const Words* x, Floats* sum) {
        int count = (int)step.count, blocks = (count + LANES - 1) / LANES;
        for (int64_t index = 0; index < step.adapter_count; ++index) {
            const LowRank& low = step.adapters[index][layer * PARTS + part];
            if (!low.rank) continue;
            Words* inner = low_.get((size_t)blocks * low.rank / T::PACK);
            product(low.down, low.rank, depth, x, count, [&](int row, int block, float* a, float* b) {
                Ints mine = {};
                for (int lane = 0; lane < lanes(count, block); ++lane)
                    mine[lane] = step.adapter[block * LANES + lane] == index ? -1 : 0;
                for (float* tile : {a, b}) {
                    if (!tile) break;
                    Words* to = inner + ((size_t)block * low.rank + row) / T::PACK;
                    for (int r = 0; r < std::min(LANES, low.rank - row); r += T::PACK) {
                        Floats kept[T::PACK];
                        for (int i = 0; i < T::PACK; ++i)
                            kept[i] = choose(mine, load<Floats>(tile + (r + i) * LANES), Floats{});
                        to[r / T::PACK] = T::pack(kept);
                    }
                    row += LANES;
                }
            });
            product(low.up, rows, low.rank, inner, count, adder(sum, rows));
        }
    }

    // The same on its own, or null where there are no adapters.
    const Floats* adapted(const Step& step, int layer, Part part, int rows, int depth, const Words* x) {
        if (!step.adapter_count) return nullptr;
        size_t size = (size_t)(step.count + LANES - 1) / LANES * rows;
        Floats* sum = changes_.get(size);
        std::memset((void*)sum, 0, sizeof(Floats) * size);
        add_adapters(step, layer, part, rows, depth, x, sum);
        return sum;
    }

    void gated(const void* weight, const Words* x, int count, Words* inner, const Floats* changes) {
        auto done = [&](int row, int block, float* gate, float* up) {
            if (changes) {
                const Floats* more = changes + (size_t)block * 2 * s_.inner + row;
                int rows = std::min(LANES, s_.inner - row);
                add(gate, more, rows);
                add(up, more + s_.inner, rows);
            }
            Words* to = inner + ((size_t)block * s_.inner + row) / T::PACK;
            for (int r = 0; r < std::min(LANES, s_.inner - row); r += T::PACK) {
                Floats product[T::PACK];
                for (int i = 0; i < T::PACK; ++i)
                    product[i] = silu(load<Floats>(gate + (r + i) * LANES)) * load<Floats>(up + (r + i) * LANES);
                to[r / T::PACK] = T::pack(product);
            }
        };
        product(weight, 2 * s_.inner, s_.hidden, x, count, done, s_.inner);
    }

    // Up to 16 rows of queries, keys and values: turned by their positions where they have to be.
    void turn_heads(const LayerPointers& layer, int row, int rows, int block, float* tile, const Floats* turns) {
        int half = s_.head_dim / 2;
        if (layer.qkv_bias)
            for (int r = 0; r < rows; ++r) store(tile + r * LANES, load<Floats>(tile + r * LANES) + layer.qkv_bias[row + r]);
        for (int r = 0; r < rows && row + r < width_ + kv_width_ && !layer.query_norm; r += 2) {
            const Floats* turn = turns + ((size_t)block * half + (row + r) % s_.head_dim / 2) * 2;
            float* pair = tile + r * LANES;
            Floats even = load<Floats>(pair), odd = load<Floats>(pair + LANES);
            store(pair, even * turn[0] - odd * turn[1]);
            store(pair + LANES, even * turn[1] + odd * turn[0]);
        }
    }

    // Queries and keys whose heads are normed before they are turned, of a block of tokens.
    void norm_heads(const LayerPointers& layer, const Step& step, int block, Value* qkv) {
        int total = width_ + 2 * kv_width_, dim = s_.head_dim;
        for (int lane = 0; lane < lanes((int)step.count, block); ++lane) {
            int64_t token = block * LANES + lane;
            const float* turn = s_.turns + (size_t)step.positions[token] * dim;
            for (int head = 0; head < s_.heads + s_.kv_heads; ++head) {
                Value* values = qkv + token * total + head * dim;
                const float* weight = head < s_.heads ? layer.query_norm : layer.key_norm;
                float squares = 0;
                for (int d = 0; d < dim; ++d) squares += T::value(values[d]) * T::value(values[d]);
                float scale = 1.0f / std::sqrt(squares / dim + s_.epsilon);
                for (int d = 0; d < dim; d += 2) {
                    float even = T::value(narrow(T::value(values[d]) * scale * weight[d]));
                    float odd = T::value(narrow(T::value(values[d + 1]) * scale * weight[d + 1]));
                    values[d] = narrow(even * turn[d] - odd * turn[d + 1]);
                    values[d + 1] = narrow(even * turn[d + 1] + odd * turn[d]);
                }
            }
        }
    }

    static Value narrow(float x) {
        if constexpr (T::PACK == 1) {
            return x;
        } else {
            uint32_t bits;
            std::memcpy(&bits, &x, 4);
            return x != x ? 0x7fc0 : (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
        }
    }

    // ---- token by token

    void embed(const Step& step, int block, Floats* sum, Floats* turns) {
        Floats* to = sum + (size_t)block * s_.hidden;
        int half = s_.head_dim / 2;
        std::memset(to, 0, sizeof(Floats) * s_.hidden);
        std::memset(turns + (size_t)block * s_.head_dim, 0, sizeof(Floats) * s_.head_dim);
        for (int lane = 0; lane < lanes((int)step.count, block); ++lane) {
            int64_t token = block * LANES + lane;
            const Value* from = step.inputs ? (const Value*)step.inputs + (size_t)token * s_.hidden
                                            : (const Value*)s_.embedding + (size_t)step.tokens[token] * s_.hidden;
            for (int h = 0; h < s_.hidden; ++h) to[h][lane] = T::value(from[h]);
            const float* turn = s_.turns + (size_t)step.positions[token] * s_.head_dim;
            for (int i = 0; i < 2 * half; ++i) turns[(size_t)block * s_.head_dim + i][lane] = turn[i];
        }
    }

    void norm(const Floats* sum, int block, const float* weight, Words* x) {
        const Floats* from = sum + (size_t)block * s_.hidden;
        Words* to = x + (size_t)block * s_.hidden / T::PACK;
        Floats squares[4] = {};
        int h = 0;
        for (; h + 4 <= s_.hidden; h += 4)
            for (int i = 0; i < 4; ++i) squares[i] += from[h + i] * from[h + i];
        for (; h < s_.hidden; ++h) squares[0] += from[h] * from[h];
        Floats scale = (squares[0] + squares[1] + squares[2] + squares[3]) * (1.0f / s_.hidden) + s_.epsilon;
        for (int lane = 0; lane < LANES; ++lane) scale[lane] = 1.0f / std::sqrt(scale[lane]);
        for (int k = 0; k < s_.hidden; k += T::PACK) {
            Floats normed[T::PACK];
            for (int i = 0; i < T::PACK; ++i) normed[i] = from[k + i] * scale * weight[k + i];
            to[k / T::PACK] = T::pack(normed);
        }
    }

    // Vectors stored by token, rows[count][depth], as a block.
    static void blocked(const Value* rows, int depth, int count, int block, Words* out) {
        auto row = [&](int lane) { return lane < lanes(count, block) ? rows + (size_t)(block * LANES + lane) * depth : nullptr; };
        to_lanes(row, depth / T::PACK, out + (size_t)block * (depth / T::PACK));
    }

    // ---- attention

    // The keys or values [K] of one place of a page.
    Value* entry(void* pages, int64_t page, int64_t at) const { return (Value*)pages + page * s_.page + at * kv_width_; }

    // Queries of one row of the batch and one KV head that are computed together, one to a lane. A lane is a token,
    // or where a row has few tokens, a token and one of the heads that share the KV head.
    struct Task {
        int row, head;  // a query head; for few tokens, a KV head
        int first, lanes;  // place of the first token in the row, or first lane of token * group + head
    };

    void attend(const LayerPointers& layer, const Value* queries, size_t stride, Value* out, const Rows& rows) {
        int group = s_.heads / s_.kv_heads;
        if (rows.groups && !layer.window) kept_.get(rows.start[rows.count] * s_.heads * (s_.head_dim + 2));
        for (int64_t index = 0; index < rows.groups && !layer.window; ++index) {
            members_.clear();
            for (int64_t i = rows.member_start[index]; i < rows.member_start[index + 1]; ++i)
                for (int64_t token = rows.start[rows.member[i]]; token < rows.start[rows.member[i] + 1]; ++token)
                    members_.push_back(token);
            int row = (int)rows.member[rows.member_start[index]];
            many_queries(layer, {row, (int)members_.size(), 0, (int)rows.shared[row], members_.data()}, queries, stride, out, rows);
        }
        tasks_.clear();
        for (int row = 0; row < rows.count; ++row) {
            int queries_here = (int)(rows.start[row + 1] - rows.start[row]) * group;
            if (queries_here > MANY) continue;
            for (int head = 0; head < s_.kv_heads; ++head)
                for (int first = 0; first < queries_here; first += LANES)
                    tasks_.push_back({row, head, first, std::min(LANES, queries_here - first)});
        }
        if (!tasks_.empty())
            pool_.run((int)tasks_.size(), [&](int i) {
                prepare();
                few_queries(layer, tasks_[i], queries, stride, out, rows);
            });
        for (int row = 0; row < rows.count; ++row) {
            int count = (int)(rows.start[row + 1] - rows.start[row]);
            if (count * group <= MANY) continue;
            many_queries(layer, {row, count, rows.common(row, layer.window > 0), (int)rows.length[row], nullptr}, queries, stride,
                         out, rows);
        }
    }

    // A softmax over scores that come block by block, as powers of two.
    struct Softmax {
        static constexpr int SUMS = 4;  // side by side, so that none waits for the one before
        Floats most = all(NEVER), total = {};

        // scores[count][16] become 2^((score - most) * scale), packed as products want them; gives the factor for what
        // was summed before. `bits`: what each lane sees of each page, or null.
        Floats add(Floats* scores, int count, int key, Ints position, int nearest, int window, float scale,
                   const Ints* bits, Words* packed) {
            if (key + count - 1 > nearest || window || bits)
                for (int i = 0; i < count; ++i) {
                    Ints at = Ints{} + (key + i);
                    Ints seen = bits ? (bits[i / LANES] & (1 << i % LANES)) != 0 : at <= position;
                    if (window && !bits) seen &= at > position - window;
                    scores[i] = choose(seen, scores[i], all(NEVER));
                }
            Floats top[SUMS], sum[SUMS] = {}, p[SUMS];
            std::fill(top, top + SUMS, most);
            for (int i = 0; i < count; i += SUMS)
                for (int j = 0; j < SUMS; ++j) top[j] = larger(top[j], scores[i + j]);
            top[0] = larger(larger(top[0], top[1]), larger(top[2], top[3]));
            Floats before = power_of_two((most - top[0]) * scale), down = top[0] * scale;
            most = top[0];
            for (int i = 0; i < count; i += SUMS) {
                for (int j = 0; j < SUMS; ++j) sum[j] += p[j] = power_of_two(scores[i + j] * scale - down);
                for (int j = 0; j < SUMS; j += T::PACK) packed[(i + j) / T::PACK] = T::pack(p + j);
            }
            total = total * before + ((sum[0] + sum[1]) + (sum[2] + sum[3]));
            return before;
        }
    };

    // Scores of the keys from `key` to `end` (both at most KEYS apart) with one or two blocks of queries.
    void scores(const LayerPointers& layer, const int64_t* pages, int head, int key, int end, const Words* x,
                const Words* y, Floats* to_x, Floats* to_y) {
        auto page = [&](int k) {
            if (k >= end) return Panel<T>{nullptr, 0, 0};
            return Panel<T>{entry(layer.keys, pages[k / LANES], 0) + head * s_.head_dim, (size_t)kv_width_, LANES};
        };
        for (int k = key; k < end; k += 2 * LANES) {
            int at = k - key;
            float* const out[2][2] = {{(float*)(to_x + at), (float*)(to_y + at)},
                                      {(float*)(to_x + at + LANES), (float*)(to_y + at + LANES)}};
            products<T>(amx_, page(k), page(k + LANES), s_.head_dim, x, y, out);
        }
    }

    // What the entries of rows get of their tokens' attention, by KV head.
    void add_scores(const Step& step, const LayerPointers& layer, const Value* queries, size_t stride) {
        const Rows& rows = step.rows;
        int group = s_.heads / s_.kv_heads, steps = s_.head_dim / T::PACK;
        pool_.run((int)step.scored_count * s_.kv_heads, [&](int index) {
            prepare();
            int64_t which = index / s_.kv_heads, head = index % s_.kv_heads;
            int row = (int)step.scored[which], length = (int)rows.length[row];
            int64_t start = rows.start[row], count = (rows.start[row + 1] - start) * group;
            const int64_t* pages = rows.pages + rows.page_start[row];
            Words* x = own_words().get(steps + length + 2 * KEYS);
            Floats* score = (Floats*)(x + steps);
            float* to = step.scores + head * step.score_start[step.scored_count] + step.score_start[which];
            for (int64_t first = 0; first < count; first += LANES) {
                int filled = (int)std::min<int64_t>(LANES, count - first), nearest = rows.place(row, start + first / group);
                auto token = [&](int lane) { return start + (first + std::min(lane, filled - 1)) / group; };
                to_lanes([&](int lane) {
                    return lane < filled ? queries + token(lane) * stride + (head * group + (first + lane) % group) * s_.head_dim : nullptr;
                }, steps, x);
                Ints position, seen[KEYS / LANES];
                for (int lane = 0; lane < LANES; ++lane) position[lane] = rows.place(row, token(lane));
                bool masked = rows.bits(row, start, false) != nullptr;
                Softmax softmax;
                for (int key = 0; key < length; key += KEYS) {
                    int whole = std::min(KEYS, (length - key + LANES - 1) / LANES * LANES);
                    Words packed[KEYS];
                    scores(layer, pages, (int)head, key, key + whole, x, nullptr, score + key, score + key);
                    for (int i = 0; masked && i < whole; ++i)
                        seen[i / LANES][i % LANES] = rows.bits(row, token(i % LANES), layer.window > 0)[(key + i) / LANES];
                    softmax.add(score + key, whole, key, position, nearest, layer.window, scale(), masked ? seen : nullptr, packed);
                }
                Floats share = 1.0f / softmax.total, down = softmax.most * scale();
                for (int lane = filled; lane < LANES; ++lane) share[lane] = 0;
                for (int i = 0; i < length; ++i) to[i] += sum(power_of_two(score[i] * scale() - down) * share);
            }
        });
    }

    void few_queries(const LayerPointers& layer, const Task& task, const Value* queries, size_t stride, Value* out,
                     const Rows& rows) {
        int group = s_.heads / s_.kv_heads, dim = s_.head_dim, steps = dim / T::PACK, furthest = 0, nearest = NOWHERE;
        const int64_t* pages = rows.pages + rows.page_start[task.row];
        Words* x = own_words().get(steps + dim);
        float* attended = (float*)(x + steps);  // [lane][D]
        std::memset(attended, 0, sizeof(Words) * dim);
        int64_t token[LANES], place[LANES];  // of a lane's query; place in values
        int position[LANES];
        for (int lane = 0; lane < task.lanes; ++lane) {
            int at = task.first + lane;
            token[lane] = rows.start[task.row] + at / group;
            place[lane] = (task.head * group + at % group) * dim;
            position[lane] = rows.place(task.row, token[lane]);
            furthest = std::max(furthest, position[lane]);
            nearest = std::min(nearest, position[lane]);
        }
        to_lanes([&](int lane) { return lane < task.lanes ? queries + token[lane] * stride + place[lane] : nullptr; }, steps, x);
        float most[LANES], total[LANES] = {}, before[LANES];
        std::fill(most, most + LANES, NEVER);
        alignas(64) Floats score[KEYS];
        alignas(64) float weight[LANES][KEYS];  // by lane: of 16 lanes only a few are there
        const Value* value[KEYS];
        auto head_of = [&](void* all, int key) {
            return entry(all, pages[key / LANES], key % LANES) + task.head * dim;
        };
        int begin = layer.window ? std::max(0, nearest - layer.window + 1) / KEYS * KEYS : rows.common(task.row, false);
        for (int lane = 0; lane < task.lanes && begin && !layer.window; ++lane) {
            const float* from = kept(token[lane], place[lane] / dim);
            most[lane] = from[0];
            total[lane] = from[1];
            std::memcpy(attended + lane * dim, from + 2, dim * sizeof(float));
        }
        bool masked = rows.bits(task.row, token[0], false) != nullptr;
        if (masked) furthest = (int)rows.length[task.row] - 1;
        for (int key = begin; key <= furthest; key += KEYS) {
            int there = std::min(KEYS, furthest + 1 - key), whole = (there + LANES - 1) / LANES * LANES;
            for (int i = 0; i < there; ++i) {
                value[i] = head_of(layer.values, key + i);
                fetch(value[i], dim);
            }
            scores(layer, pages, task.head, key, key + whole, x, nullptr, score, score);
            for (int i = key + KEYS; i < std::min(key + 2 * KEYS, furthest + 1); ++i) fetch(head_of(layer.keys, i), dim);
            for (int lane = 0; lane < task.lanes; ++lane) {
                const uint16_t* bits = rows.bits(task.row, token[lane], layer.window > 0);
                Floats top = all(most[lane]);
                for (int i = 0; i < whole; i += LANES) {
                    Floats s = column((const float*)(score + i) + lane) * scale();
                    Ints at = COUNTING + (key + i);
                    Ints seen = masked ? (ONE_BIT & bits[(key + i) / LANES]) != 0 : at <= position[lane];
                    if (layer.window && !masked) seen &= at > position[lane] - layer.window;
                    s = choose(seen, s, all(NEVER));
                    top = larger(top, s);
                    store(&weight[lane][i], s);
                }
                float highest = top[0];
                for (int i = 1; i < LANES; ++i) highest = std::max(highest, top[i]);
                before[lane] = power_of_two(all(most[lane] - highest))[0];
                most[lane] = highest;
                Floats more = {};
                for (int i = 0; i < whole; i += LANES) {
                    Floats p = power_of_two(load<Floats>(&weight[lane][i]) - highest);
                    store(&weight[lane][i], p);
                    more += p;
                }
                total[lane] = total[lane] * before[lane] + sum(more);
            }
            int lane = 0;
            for (; lane + 4 <= task.lanes; lane += 4) add_values<4>(attended, lane, weight, before, value, there);
            for (; lane + 2 <= task.lanes && task.lanes - lane != 3; lane += 2)
                add_values<2>(attended, lane, weight, before, value, there);
            if (task.lanes - lane == 3) add_values<3>(attended, lane, weight, before, value, there);
            if (task.lanes - lane == 1) add_values<1>(attended, lane, weight, before, value, there);
        }
        for (int lane = 0; lane < task.lanes; ++lane) {
            Value* to = out + token[lane] * width_ + place[lane];
            for (int d = 0; d < dim; ++d) to[d] = narrow(attended[lane * dim + d] / total[lane]);
        }
    }

    static void fetch(const Value* from, int dim) {
        for (int d = 0; d < dim; d += 64 / (int)sizeof(Value)) __builtin_prefetch(from + d);
    }

    // sum[lane][D] of COUNT lanes: what is there by `before`, and each value by its weight.
    template <int COUNT>
    void add_values(float* sums, int lane, const float (&weight)[LANES][KEYS], const float* before,
                    const Value* const* value, int count) const {
        int dim = s_.head_dim, d = 0;
        float* sum = sums + lane * dim;
        auto part = [&](auto wide) {  // 16 dimensions, or as many times 16 as there are registers for
            constexpr int WIDE = decltype(wide)::value;
            for (; d + WIDE * LANES <= dim; d += WIDE * LANES) {
                Floats total[COUNT][WIDE];
                for (int n = 0; n < COUNT; ++n)
                    for (int w = 0; w < WIDE; ++w)
                        total[n][w] = load<Floats>(sum + n * dim + d + w * LANES) * before[lane + n];
                for (int i = 0; i < count; ++i)
                    for (int w = 0; w < WIDE; ++w) {
                        Floats v = T::values(value[i] + d + w * LANES);
                        for (int n = 0; n < COUNT; ++n) total[n][w] += v * weight[lane + n][i];
                    }
                for (int n = 0; n < COUNT; ++n)
                    for (int w = 0; w < WIDE; ++w) store(sum + n * dim + d + w * LANES, total[n][w]);
            }
        };
        part(std::integral_constant<int, GROUP / 2>());
        part(std::integral_constant<int, 1>());
        for (; d < dim; ++d)
            for (int n = 0; n < COUNT; ++n) {
                float total = sum[n * dim + d] * before[lane + n];
                for (int i = 0; i < count; ++i) total += weight[lane + n][i] * T::value(value[i][d]);
                sum[n * dim + d] = total;
            }
    }

    // Many queries over the keys from `begin` to `end` of a row: of its own tokens, or of those of several rows that
    // share these keys. What comes of the latter is kept, and is where each row's own keys are added to.
    struct Queries {
        int row, count, begin, end;
        const int64_t* tokens;  // of several rows, or null
    };

    // Values are transposed once, and then are rows of products like all else. A lane is a token and one of the heads
    // that share a KV head.
    void many_queries(const LayerPointers& layer, const Queries& given, const Value* queries, size_t stride, Value* out,
                      const Rows& rows) {
        int group = s_.heads / s_.kv_heads, dim = s_.head_dim, steps = dim / T::PACK, count = given.count * group;
        int64_t start = rows.start[given.row];
        const int64_t* pages = rows.pages + rows.page_start[given.row];
        bool masked = rows.bits(given.row, start, false) != nullptr, together = given.tokens != nullptr;
        auto token_of = [&, start](int i) { return together ? given.tokens[i / group] : start + i / group; };
        int parts = (given.end + KEYS - 1) / KEYS;
        size_t length = (size_t)parts * KEYS + 2 * LANES;  // not a power of two, which would be one place of a cache
        Value* turned = turned_.get(length * kv_width_);  // [K, length]
        pool_.run(parts - given.begin / KEYS, [&](int part) {
            int from = part * KEYS + given.begin / KEYS * KEYS;
            size_t to = from + KEYS < parts * KEYS ? from + KEYS : length;
            for (size_t first = from; first < to; first += LANES) {
                Words* words = own_words().get(kv_width_ / T::PACK);
                auto row = [&](int i) { return first + i < (size_t)given.end ? entry(layer.values, pages[first / LANES], i) : nullptr; };
                to_lanes(row, kv_width_ / T::PACK, words);
                for (int d = 0; d < kv_width_; d += T::PACK) T::unpack(words[d / T::PACK], turned + d * length + first, length);
            }
        });
        int pieces = (count + 2 * LANES - 1) / (2 * LANES);
        pool_.run(pieces * s_.kv_heads, [&](int index) {
            prepare();
            // the last tokens see the most keys: they go first
            int shared = index % s_.kv_heads, first = (pieces - 1 - index / s_.kv_heads) * 2 * LANES;
            int filled = std::min(2 * LANES, count - first), blocks = (filled + LANES - 1) / LANES;
            Words* x = own_words().get(2 * (steps + (size_t)dim) + 2 * KEYS);
            Floats* attended = (Floats*)(x + 2 * steps);  // [block][D][lane]
            Words* packed = (Words*)(attended + 2 * dim);  // [block][KEYS / PACK][lane]
            Ints position[2] = {Ints{} + NOWHERE, Ints{} + NOWHERE};
            int last = given.end - 1, nearest = NOWHERE;
            if (!together)
                for (int i = 0; i < filled; ++i) {
                    int place = rows.place(given.row, token_of(first + i));
                    position[i / LANES][i % LANES] = place;
                    nearest = std::min(nearest, place);
                    last = i ? std::max(last, place) : place;
                }
            if (masked) last = given.end - 1;
            Softmax softmax[2];
            // calls with each block, and what says where the floats or values of a lane lie
            auto each = [&](auto&& body, auto&& where) {
                for (int block = 0; block < blocks; ++block)
                    body(block, [&, block](int lane) {
                        int i = block * LANES + lane;
                        return i < filled ? where(token_of(first + i), shared * group + (first + i) % group) : nullptr;
                    });
            };
            each([&](int block, auto row) { to_lanes(row, steps, x + block * steps); },
                 [&](int64_t token, int head) { return queries + token * stride + head * dim; });
            std::memset((void*)attended, 0, sizeof(Floats) * 2 * dim);
            if (given.begin)
                each([&](int block, auto row) {
                    for (int lane = 0; lane < LANES; ++lane)
                        if (const float* from = row(lane)) {
                            softmax[block].most[lane] = from[0] / scale();
                            softmax[block].total[lane] = from[1];
                        }
                    to_lanes([&](int lane) { return row(lane) ? row(lane) + 2 : nullptr; }, dim, (Words*)attended + block * dim);
                }, [&](int64_t token, int head) { return kept(token, head); });
            Floats before[2];
            Ints seen[KEYS / LANES];  // bits of the places of a page, by lane
            alignas(64) Floats weight[2][KEYS];
            alignas(64) float tile[4 * SQUARE];
            float* const products_to[2][2] = {{tile, tile + SQUARE}, {tile + 2 * SQUARE, tile + 3 * SQUARE}};
            int begin = layer.window ? std::max(0, nearest - layer.window + 1) / KEYS * KEYS : given.begin;
            for (int key = begin; key <= last; key += KEYS) {
                int whole = std::min(KEYS, (last - key) / LANES * LANES + LANES), depth = (whole + 31) / 32 * 32;
                scores(layer, pages, shared, key, key + whole, x, blocks > 1 ? x + steps : nullptr, weight[0], weight[1]);
                for (int block = 0; block < blocks; ++block) {
                    if (masked)
                        for (int lane = 0; lane < LANES; ++lane) {
                            int i = std::min(first + block * LANES + lane, count - 1);
                            const uint16_t* bits = rows.bits(given.row, token_of(i), layer.window > 0) + key / LANES;
                            for (int page = 0; page < whole / LANES; ++page) seen[page][lane] = bits[page];
                        }
                    Words* to = packed + block * KEYS / T::PACK;
                    before[block] = softmax[block].add(weight[block], whole, key, position[block], nearest, layer.window,
                                                       scale(), masked ? seen : nullptr, to);
                    for (int i = whole; i < depth; i += T::PACK) to[i / T::PACK] = Words{};
                }
                for (int d = 0; d < dim; d += 2 * LANES) {
                    const Value* from = turned + (size_t)(shared * dim + d) * length + key;
                    Panel<T> a{from, length, std::min(LANES, dim - d)};
                    Panel<T> b{from + LANES * length, length, std::clamp(dim - d - LANES, 0, LANES)};
                    products<T>(amx_, a, b, depth, packed, blocks > 1 ? packed + KEYS / T::PACK : nullptr, products_to);
                    for (int block = 0; block < blocks; ++block)
                        for (int i = 0; i < a.rows + b.rows; ++i)
                            attended[block * dim + d + i] = attended[block * dim + d + i] * before[block] +
                                                            load<Floats>(products_to[i / LANES][block] + i % LANES * LANES);
                }
            }
            if (together)
                return each([&](int block, auto row) {
                    for (int lane = 0; lane < LANES; ++lane)
                        if (float* to = row(lane)) {
                            to[0] = softmax[block].most[lane] * scale();
                            to[1] = softmax[block].total[lane];
                        }
                    to_rows((Words*)attended + block * dim, dim, [&](int lane) { return row(lane) ? row(lane) + 2 : nullptr; });
                }, [&](int64_t token, int head) { return kept(token, head); });
            each([&](int block, auto row) {
                Floats *sums = attended + block * dim, share = 1.0f / softmax[block].total;
                for (int d = 0; d < dim; ++d) sums[d] *= share;
                for (int d = 0; d < dim; d += T::PACK) x[block * steps + d / T::PACK] = T::pack(sums + d);
                to_rows(x + block * steps, steps, row);
            }, [&](int64_t token, int head) { return out + token * width_ + head * dim; });
        });
    }

    // Of a query and the keys that its row shares with others: the highest score, the sum of weights, weighted values.
    float* kept(int64_t token, int head) { return kept_.get(0) + (token * s_.heads + head) * (s_.head_dim + 2); }

    // Scores are powers of two rather than of e.
    float scale() const { return 1.44269504f / std::sqrt((float)s_.head_dim); }

    static Scratch<Words>& own_words() {
        static thread_local Scratch<Words> words;
        return words;
    }

    Shape s_;
    std::vector<LayerPointers> layers_;
    bool amx_;
    int width_, kv_width_;
    uint64_t call_ = 0;
    std::vector<Task> tasks_;
    std::vector<int64_t> members_;
    Scratch<float> kept_;
    Scratch<Floats> sum_, turns_, changes_;
    Scratch<Words> x_, attended_, inner_, low_;
    Scratch<Value> qkv_, out_, flat_, turned_;
};

template <class F> int run(F&& body) {
    try {
        body();
        return 0;
    } catch (const std::bad_alloc&) {
        return 1;
    }
}

}  // namespace pie

extern "C" {

const char* pie_kernels() {
#if defined(__AVX512BF16__)
    return pie::amx_allowed() ? "amx_bf16" : "avx512_bf16";
#elif defined(__AVX512F__)
    return "avx512";
#elif defined(__AVX2__)
    return "avx2";
#elif defined(__ARM_NEON)
    return "neon";
#else
    return "portable";
#endif
}

pie::Engine* pie_new(const pie::Shape* shape, const pie::LayerPointers* layers, int threads) {
    try {
        if (shape->bfloat16) return new pie::Model<pie::BF16>(*shape, layers, threads);
        return new pie::Model<pie::F32>(*shape, layers, threads);
    } catch (const std::exception&) {
        return nullptr;
    }
}

void pie_free(pie::Engine* engine) { delete engine; }

// Each answers 0, or 1 where memory is short.

int pie_forward(pie::Engine* engine, const pie::Step* step) {
    return pie::run([&] { engine->forward(*step); });
}

int pie_attention(pie::Engine* engine, int layer, const void* queries, void* out, const pie::Rows* rows) {
    return pie::run([&] { engine->attention(layer, queries, out, *rows); });
}

int pie_linear(pie::Engine* engine, const void* weight, int out, int depth, const void* x, int count, float* y) {
    return pie::run([&] { engine->linear(weight, out, depth, x, count, y); });
}

// logits [rows, size] to tokens and logprobs [rows]: token -1 where the logits are not numbers.
int pie_sample(pie::Engine* engine, const float* logits, int rows, int size, const pie::Draws* how, int64_t* tokens,
               float* logprobs) {
    return pie::run([&] {
        engine->each_row(logits, rows, size, [&](const pie::Row& row, int i) {
            tokens[i] = row.sound() ? row.draw(*how, i) : -1;
            logprobs[i] = row.sound() ? row.logprob(tokens[i]) : 0.0f;
        });
    });
}

// logits [rows, size] to ids and probabilities [rows, count], likeliest first: id -1 where the logits are not numbers.
int pie_top(pie::Engine* engine, const float* logits, int rows, int size, int count, int64_t* ids,
            float* probabilities) {
    return pie::run([&] {
        engine->each_row(logits, rows, size, [&](const pie::Row& row, int i) {
            int64_t* to = ids + (size_t)i * count;
            std::fill(to, to + count, -1);
            if (row.sound()) row.top(count, to, probabilities + (size_t)i * count);
        });
    });
}
}

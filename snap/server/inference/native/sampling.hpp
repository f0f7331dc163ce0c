// Tokens out of rows of logits, as `heads.py` defines it: one row to a thread, few passes over it, nothing sorted but
// what can be drawn.
#pragma once

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "vectors.hpp"

namespace pie {

// How rows are drawn from; a column each, as in `heads.Sampling`.
struct Draws {
    const float* temperature;
    const int32_t* top_k;
    const float *top_p, *min_p;
    const double* uniform;
};

class Row {
public:
    Row(const float* logits, int size) : logits_(logits), size_(size) {
        Floats most = all(LEAST);
        Ints strange = {};
        for (int first = 0; first < size; first += GROUP_OF) {
            Floats here = all(LEAST);
            for (int at = first; at < std::min(size, first + GROUP_OF); at += LANES) {
                Floats x = part(at);
                strange |= x != x;
                here = larger(x, here);
            }
            for (int lane = 0; lane < LANES; ++lane) peaks_.push_back(here[lane]);  // each of another token
            most = larger(here, most);
        }
        bool broken = false;
        for (int lane = 0; lane < LANES; ++lane) {
            most_ = std::max(most_, most[lane]);
            broken |= strange[lane] != 0;
        }
        sound_ = !broken && std::isfinite(most_);
        total_ = sound_ ? weigh(1.0f, nullptr) : 1;
    }

    // Whether the logits are numbers, of which one at least is not minus infinity.
    bool sound() const { return sound_; }

    float logprob(int64_t token) const { return (float)(logits_[token] - most_ - std::log(total_)); }

    int64_t draw(const Draws& how, int64_t row) const {
        float temperature = how.temperature[row];
        int64_t last = std::find(logits_, logits_ + size_, most_) - logits_;
        if (temperature < 1e-9f) return last;
        double uniform = how.uniform[row];
        if (how.top_k[row] || how.top_p[row] < 1 || how.min_p[row] > 0)
            return draw_from_cut(temperature, how.top_k[row], how.top_p[row], how.min_p[row], uniform);
        std::vector<double> sums;
        double point = uniform * weigh(temperature, &sums), before = 0;
        size_t group = 0;
        while (group + 1 < sums.size() && before + sums[group] <= point) before += sums[group++];
        for (int64_t i = (int64_t)group * GROUP_OF; i < size_; ++i) {
            double weight = weight_of(i, temperature);
            before += weight;
            if (weight > 0) last = i;
            if (before > point) break;
        }
        return last;
    }

    // The `count` likeliest tokens, likeliest first, and their probabilities.
    void top(int count, int64_t* ids, float* probabilities) const {
        std::vector<int> found = likeliest(floor_of(count));
        for (int i = 0; i < count; ++i) {
            ids[i] = found[i];
            probabilities[i] = (float)(weight_of(found[i], 1.0f) / total_);
        }
    }

private:
    static constexpr int GROUP_OF = 16 * LANES;
    static constexpr int FEW_CANDIDATES = 512;
    static constexpr float LEAST = -std::numeric_limits<float>::infinity();

    Floats part(int at) const {
        if (at + LANES <= size_) return load<Floats>(logits_ + at);
        Floats x = all(LEAST);
        for (int i = at; i < size_; ++i) x[i - at] = logits_[i];
        return x;
    }

    Floats weights(Floats x, float scale) const { return power_of_two(larger((x - most_) * scale, all(-150.0f))); }

    // A token's weight beside 1 for the likeliest.
    double weight_of(int64_t token, float temperature) const {
        return weights(all(logits_[token]), 1.44269504f / temperature)[0];
    }

    // The sum of all weights; `sums`: of each group as well.
    double weigh(float temperature, std::vector<double>* sums) const {
        double total = 0;
        for (int first = 0; first < size_; first += GROUP_OF) {
            Floats here = {};
            for (int at = first; at < std::min(size_, first + GROUP_OF); at += LANES)
                here += weights(part(at), 1.44269504f / temperature);
            double group = sum(here);
            if (sums) sums->push_back(group);
            total += group;
        }
        return total;
    }

    // A logit that at least `count` tokens reach: each peak is the logit of another one.
    float floor_of(int count) const {
        if (count > (int)peaks_.size()) return LEAST;
        std::vector<float> peaks = peaks_;
        std::nth_element(peaks.begin(), peaks.begin() + count - 1, peaks.end(), std::greater<float>());
        return peaks[count - 1];
    }

    std::vector<int> likeliest(float floor) const {
        std::vector<int> found;
        for (int first = 0; first < size_; first += GROUP_OF) {
            const float* peaks = &peaks_[first / GROUP_OF * LANES];
            if (*std::max_element(peaks, peaks + LANES) < floor) continue;
            for (int i = first; i < std::min(size_, first + GROUP_OF); ++i)
                if (logits_[i] >= floor) found.push_back(i);
        }
        std::sort(found.begin(), found.end(), [this](int a, int b) {
            return logits_[a] > logits_[b] || (logits_[a] == logits_[b] && a < b);
        });
        return found;
    }

    // Cuts in the order top-k, top-p (of what top-k left), min-p (against the likeliest).
    int64_t draw_from_cut(float temperature, int top_k, float top_p, float min_p, double uniform) const {
        double mass = weigh(temperature, nullptr);
        float floor = LEAST;  // of the logits that can be drawn
        if (top_k) {
            floor = floor_of(top_k);
        } else {
            // the tokens that are too light for min-p, or so light that all together weigh less than top-p leaves out;
            // a little less, for rounding: the cuts below are exact
            double least = 0.999 * std::max<double>(min_p, (1.0 - top_p) * mass / size_);
            if (least > 0) floor = most_ + temperature * (float)std::log(least) - 1e-6f * std::abs(most_);
        }
        std::vector<int> found;
        std::vector<double> weight;
        double kept = 0;
        size_t count = 0;
        // the cut most likely lies among the first few, and else they are all looked at
        for (float least_logit : {top_k ? floor : std::max(floor, floor_of(FEW_CANDIDATES)), floor}) {
            found = likeliest(least_logit);
            if (top_k && top_k < (int)found.size()) found.resize(top_k);
            weight.clear();
            for (int token : found) weight.push_back(weight_of(token, temperature));
            if (top_k) mass = std::accumulate(weight.begin(), weight.end(), 0.0);
            for (kept = weight[0], count = 1; count < found.size(); kept += weight[count++])
                if ((top_p < 1 && kept >= top_p * mass) || weight[count] < min_p) break;
            if (count < found.size() || top_k) break;
        }
        double point = uniform * kept, running = 0;
        size_t at = 0;
        while (at + 1 < count && (running += weight[at]) <= point) ++at;
        return found[at];
    }

    const float* logits_;
    int size_;
    std::vector<float> peaks_;
    float most_ = LEAST;
    bool sound_;
    double total_;  // of all weights at temperature 1
};

}  // namespace pie

// A pool of threads for short loops: a layer has five of them, each some tens of microseconds long.
//
// Indexes are handed out one at a time, and the caller works too, so a worker that the system does not run, or that
// sleeps, holds nothing up: only indexes that were taken are waited for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace pie {

inline void relax() {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

class Pool {
public:
    explicit Pool(int threads) {
        for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
    }

    ~Pool() {
        {
            std::lock_guard<std::mutex> hold(mutex_);
            stop_ = true;
        }
        wake_.notify_all();
        for (auto& worker : workers_) worker.join();
    }

    int size() const { return (int)workers_.size() + 1; }

    // Calls body(i) for each i below `count`, in any order, on all threads; returns when all calls have.
    template <class F> void run(int count, F&& body) {
        if (workers_.empty() || count == 1) {
            for (int i = 0; i < count; ++i) body(i);
            return;
        }
        if (count <= 0) return;
        call_ = [](void* b, int i) { (*static_cast<std::remove_reference_t<F>*>(b))(i); };
        body_ = &body;
        done_.store(0, std::memory_order_relaxed);
        uint64_t job = (ticket_.load(std::memory_order_relaxed) >> 48) + 1;
        ticket_.store(job << 48 | (uint64_t)count << 24);  // publishes the above; ordered before the look at sleepers_
        if (sleepers_.load() > 0) {
            std::lock_guard<std::mutex> hold(mutex_);
            wake_.notify_all();
        }
        while (take()) {
        }
        for (int spins = 0; done_.load(std::memory_order_acquire) < count; ++spins)
            spins < 2000 ? relax() : std::this_thread::yield();
    }

private:
    static constexpr int SPINS = 4000;  // some 50 microseconds between two loops of a step, then sleep
    static constexpr uint64_t INDEX = (1u << 24) - 1;

    // Takes and runs one index of the present job. The ticket holds job, count and next index in one word, so that
    // whoever takes an index has one of the job that `call_` and `body_` belong to: it can't end before that is done.
    bool take() {
        uint64_t ticket = ticket_.load(std::memory_order_acquire);
        do {
            if ((ticket & INDEX) >= (ticket >> 24 & INDEX)) return false;
        } while (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel));
        call_(body_, (int)(ticket & INDEX));
        done_.fetch_add(1, std::memory_order_release);
        return true;
    }

    bool idle() const {
        uint64_t ticket = ticket_.load();
        return (ticket & INDEX) >= (ticket >> 24 & INDEX);
    }

    void work() {
        for (int spins = 0;; ++spins) {
            if (take()) {
                spins = 0;
            } else if (spins < SPINS) {
                relax();
            } else {
                std::unique_lock<std::mutex> hold(mutex_);
                sleepers_.fetch_add(1);
                wake_.wait(hold, [this] { return stop_ || !idle(); });
                sleepers_.fetch_sub(1);
                if (stop_) return;
                spins = 0;
            }
        }
    }

    std::vector<std::thread> workers_;
    alignas(64) std::atomic<uint64_t> ticket_{0};
    alignas(64) std::atomic<int> done_{0};
    alignas(64) std::atomic<int> sleepers_{0};
    void (*call_)(void*, int) = nullptr;
    void* body_ = nullptr;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
};

}  // namespace pie

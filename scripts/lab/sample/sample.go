// Package sample says how much of a property a test tries: a seeded sample, or
// the whole number behind the suite's claims where SL_FULL is set, as
// "scripts/test --full" does.
package sample

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// Full reports whether the whole number is asked for.
func Full() bool { return os.Getenv("SL_FULL") != "" }

// Size returns how many cases to try.
func Size(short, full int) int {
	if Full() {
		return full
	}
	return short
}

// Rand returns a source of random numbers and logs its seed. SL_SEED=N repeats a
// run; without it a sample always has the same seed, and a full run a new one.
func Rand(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	if Full() {
		seed = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("SL_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("SL_SEED: %v", err)
		}
		seed = n
	}
	t.Logf("SL_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

package propose

import (
	"iter"
	"runtime"
)

// ahead returns f of every part, in the order of the parts. A few of them are
// worked out ahead, beside each other, so f must not change what another part
// needs.
func ahead[T, R any](parts iter.Seq[T], f func(T) R) iter.Seq[R] {
	return func(yield func(R) bool) {
		var begun []chan R // the oldest first
		first := func() bool {
			r := <-begun[0]
			begun = begun[1:]
			return yield(r)
		}
		for part := range parts {
			result := make(chan R, 1) // so that nobody has to wait for it
			go func() { result <- f(part) }()
			begun = append(begun, result)
			if len(begun) > runtime.GOMAXPROCS(0) && !first() {
				return
			}
		}
		for len(begun) > 0 && first() {
		}
	}
}

package sandbox

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// The least that a start needs. A Go runtime that gets less ends in the middle, with a
// trace of its own on standard error; a companion's is seen by nobody.
const (
	leastThreads = 8               // of the runtime
	leastMore    = 4               // of the programs that a companion runs
	leastSpace   = 64 << 20        // beside what this start has mapped already
	leastFiles   = 16              // beside the fixed places and what is handed over
	unlimited    = ^uint64(0)      // RLIM_INFINITY
	page         = uint64(4 << 10) // x86-64; on arm64 it can be more
)

// A limitError says which limit is too small.
type limitError struct {
	name       string
	have, need uint64
	hint       string
}

func (e *limitError) Error() string {
	return fmt.Sprintf("%s is %d, and %d is the least", e.name, e.have, e.need)
}
func (e *limitError) Hint() string { return "raise the limit: " + e.hint }

// leastLimits refuses limits that the second start cannot begin with. Those on
// processes count for a user who is not root, and for whom root becomes.
func leastLimits(p Policy, h Handoff, k kind, rootStays bool) error {
	at := layout{len(h.Inputs), len(h.Folders), len(h.Blob) > 0}
	files := uint64(at.above() + len(h.Inputs) + 2*len(h.Folders) + leastFiles)
	threads := uint64(leastThreads)
	if k.programs {
		threads += leastMore
	}
	if rootStays {
		threads = 0
	}
	for _, l := range []struct {
		resource int
		limitError
	}{
		{unix.RLIMIT_NOFILE, limitError{name: "NOFILE", need: files, hint: "ulimit -n, LimitNOFILE="}},
		{unix.RLIMIT_NPROC, limitError{name: "NPROC", need: threads, hint: "ulimit -u, LimitNPROC="}},
		{unix.RLIMIT_DATA, limitError{name: "DATA", need: min(MinData, p.Data), hint: "ulimit -d, LimitDATA="}},
		{unix.RLIMIT_AS, limitError{name: "AS", hint: "ulimit -v, LimitAS="}},
	} {
		var now unix.Rlimit
		if err := unix.Getrlimit(l.resource, &now); err != nil {
			return &LayerError{layerRlimits, fmt.Errorf("%s: %w", l.name, err)}
		}
		if l.resource == unix.RLIMIT_AS && now.Cur != unlimited {
			l.need = mapped() + leastSpace
		}
		if l.have = now.Cur; l.have < l.need {
			return &LayerError{layerRlimits, &l.limitError}
		}
	}
	return nil
}

// mapped is how much address space this process has, in bytes: the first number of
// /proc/self/statm, in pages. A second start maps the same at its begin.
func mapped() uint64 {
	text, err := readFile("/proc/self/statm")
	var pages uint64
	if err == nil {
		fmt.Sscan(strings.TrimSpace(text), &pages)
	}
	return pages * page
}

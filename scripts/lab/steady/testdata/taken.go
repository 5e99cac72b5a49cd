package sandbox

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// This file is not part of the package. The steadiness suite builds programs with
// it, see scripts/lab/taken. What they do is said behind their names: "NAME
// gc N" collects garbage all the time on N processors, "NAME fault WHAT" comes to one
// of the ends of a Go program.

// Lock is Lock and what the name says.
func Lock(p Policy) (*Inside, error) {
	in, err := lockAsEver(p)
	words := strings.Fields(os.Args[0])
	if err != nil || len(words) != 3 {
		return in, err
	}
	switch words[1] {
	case "gc":
		n, _ := strconv.Atoi(words[2])
		runtime.GOMAXPROCS(n)
		debug.SetGCPercent(1)
	case "fault":
		fault(words[2])
	}
	return in, nil
}

func fault(what string) {
	switch what {
	case "panic":
		panic("on purpose")
	case "nil":
		var p *int
		*p = 1
	case "throw": // fatal: no recover is asked
		var m sync.Mutex
		m.Unlock()
	case "overflow":
		debug.SetMaxStack(16 << 20)
		overflow(1)
	case "memory":
		var kept [][]byte
		for {
			kept = append(kept, make([]byte, 64<<20))
		}
	case "deadlock":
		select {}
	}
}

// overflow ends for n < 1, which it is never called with.
func overflow(n int) int {
	if n < 1 {
		return 0
	}
	return overflow(n+1) + n
}

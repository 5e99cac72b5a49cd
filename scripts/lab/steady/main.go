// Command steady runs the programs of sl for long, and to all the ends that they can
// come to.
//
//	steady [-n STARTS] [-s MEGABYTES]
//
// It runs in the root folder of the project, needs Go, and prints a line for each:
//
//   - STARTS starts, two at a time and under load, of the five programs in turn, as
//     root, as an ordinary user, and as one in namespaces: each ends with 0, and no
//     system call is missed;
//   - inputs of MEGABYTES with the garbage collector at work all the time, on 1, 2
//     and 16 processors: each gives the bytes that it gives otherwise;
//   - a panic, a fatal error, memory at its bound, a stack overflow ...: status 2;
//   - every signal: what it does to any process, and the process that waits for
//     another passes it on. With fewer than 2000 starts one program gets all of
//     them, and the others the most usual.
//
// Exit status: 0 all of it holds, 1 something does not, 2 the suite could not run.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == burnWord {
		burn()
	}
	starts := flag.Int("n", 500, "so many starts")
	size := flag.Int("s", 20, "inputs of so many megabytes")
	flag.Parse()
	failed, err := run(*starts, *size)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "steady:", err)
		os.Exit(2)
	case failed > 0:
		fmt.Printf("NOT steady: %d failures\n", failed)
		os.Exit(1)
	}
	fmt.Println("steady")
}

func run(starts, size int) (failed int, err error) {
	dir, err := os.MkdirTemp("", "steady-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return 0, err
	}
	s := suite{dir: dir, bin: filepath.Join(dir, "bin"), taken: filepath.Join(dir, "taken")}
	if err := s.build(); err != nil {
		return 0, err
	}
	if err := s.makeInputs(); err != nil {
		return 0, err
	}
	for _, part := range []struct {
		name string
		run  func() (string, error)
	}{
		{"starts", func() (string, error) { return s.start(starts) }},
		{"ends", s.faults},
		{"signals", func() (string, error) { return s.signals(starts < long) }},
		{"sizes", func() (string, error) { return s.sizes(size) }},
	} {
		before, begin := s.failed, time.Now()
		said, err := part.run()
		if err != nil {
			return 0, fmt.Errorf("%s: %w", part.name, err)
		}
		fmt.Printf("%s: %s, %d failures, %v\n", part.name, said, s.failed-before, time.Since(begin).Round(100*time.Millisecond))
	}
	return s.failed, nil
}

// long is how many starts make a run one in which every program gets every signal.
const long = 2000

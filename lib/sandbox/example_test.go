package sandbox_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/sandbox"
)

// A filter that turns its input into capitals, and can do nothing else.
func Example() {
	p := sandbox.Policy{Calls: "pure", Data: 512 << 20}
	if !sandbox.Second() {
		err := sandbox.Enter(p, sandbox.Handoff{}, sandbox.Default)
		fmt.Fprintln(os.Stderr, err) // Enter returns only on failure
		os.Exit(3)
	}
	if _, err := sandbox.Lock(p); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(strings.ToUpper(lines.Text()))
	}
}

// A program that reads a file which it opens while it still can, with a word that
// it has learnt from its surroundings.
func ExampleEnter() {
	p := sandbox.Policy{Calls: "read", Data: 512 << 20}
	if sandbox.Second() {
		in, err := sandbox.Lock(p)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		lines := bufio.NewScanner(input(in.Inputs[0]))
		for lines.Scan() {
			fmt.Printf("%s: %s\n", in.Blob, lines.Text())
		}
		return
	}
	file, err := unix.Open(os.Args[len(os.Args)-1], unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	h := sandbox.Handoff{Inputs: []int{file}, Blob: []byte(os.Getenv("LOGNAME"))}
	fmt.Fprintln(os.Stderr, sandbox.Enter(p, h, sandbox.Default))
	os.Exit(3)
}

// An input is a descriptor as a reader. os.NewFile would ask for the descriptor's
// flags, which is a call that no policy has.
type input int

func (fd input) Read(b []byte) (int, error) {
	for {
		n, err := unix.Read(int(fd), b)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

package sandbox_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/sl-suite/sl/lib/sandbox"
)

// The examples run as programs: with one of these words as the first argument.
var examples = map[string]func(){"example": Example, "example-enter": ExampleEnter}

func TestMain(m *testing.M) {
	sandbox.Confined()
	if len(os.Args) > 1 && examples[os.Args[1]] != nil {
		examples[os.Args[1]]()
		syscall.Exit(0) // no hook of the test binary's may run
	}
	os.Exit(m.Run())
}

func TestExamples(t *testing.T) {
	if sandbox.RaceDetector {
		t.Skip("the race detector needs cgo, and a confined program must not have it")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("a\nb\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args        []string
		input, want string
	}{
		{[]string{"example"}, "abc\nd\n", "ABC\nD\n"},
		{[]string{"example-enter", file}, "", "somebody: a\nsomebody: b\n"},
	} {
		c := exec.Command(os.Args[0], test.args...)
		c.Stdin, c.Env = strings.NewReader(test.input), []string{"LOGNAME=somebody"}
		if out, err := c.Output(); err != nil || string(out) != test.want {
			t.Errorf("%v: %q, %v", test.args, out, err)
		}
	}
}

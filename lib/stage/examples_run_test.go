package stage_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The examples that are programs run as such: the test binary under one of these
// names.
var examples = map[string]func(){"number": Example, "denote": ExampleSession_Stream, "quote": ExampleFirst}

func TestMain(m *testing.M) {
	if example := examples[os.Args[0]]; example != nil {
		example() // ends the process
	}
	os.Exit(m.Run())
}

func TestExamples(t *testing.T) {
	// These tests themselves may be linked dynamically, and what is confined must
	// be static.
	dir := t.TempDir()
	program, file := filepath.Join(dir, "program"), filepath.Join(dir, "file")
	build := exec.Command("go", "test", "-c", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(file, []byte("a\nb\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const (
		note  = `{"v":1,"type":"note","kind":"lost","text":"x"}` + "\n"
		event = `{"v":1,"type":"event","kind":"apparmor","trust":"none","count":1,"verdict":"DENIED"}` + "\n"
		end   = `{"v":1,"type":"end","stage":"x","in":2,"out":2,"skipped":0,"errors":0,"lost":0}` + "\n"
	)
	for _, test := range []struct {
		args          []string
		input         string
		status        int
		want, message string // what standard output and error begin with
	}{
		{[]string{"number"}, "abc\nd\n", 0, "1 abc\n2 d\n", ""},
		{[]string{"number", "-V"}, "", 0, "number 1.0\n", ""},
		{[]string{"number", "-h"}, "", 0, "usage: number\nnumber lines\n", ""},
		{[]string{"number", "--nonsense"}, "", 2, "", "number: unknown flag --nonsense"},
		{[]string{"denote"}, note + event + end, 0, event + `{"v":1,"type":"end","stage":"denote","in":2,"out":1,"skipped":1,"errors":0,"lost":0,`, ""},
		{[]string{"denote"}, event, 2, event, "denote: the input has no end record"},
		{[]string{"denote"}, `{"v":1,"type":"note"}` + "\n" + end, 1, `{"v":1,"type":"end"`, "denote: standard input:1: "},
		{[]string{"quote", file}, "", 0, "somebody: a\nsomebody: b\n", ""},
		{[]string{"quote", file + "x"}, "", 2, "", "quote: " + file + "x: no such file"},
	} {
		c := exec.Cmd{Path: program, Args: test.args, Env: []string{"LOGNAME=somebody"}, Stdin: strings.NewReader(test.input)}
		var out, message bytes.Buffer
		c.Stdout, c.Stderr = &out, &message
		c.Run()
		if c.ProcessState.ExitCode() != test.status || !strings.HasPrefix(out.String(), test.want) || !strings.HasPrefix(message.String(), test.message) {
			t.Errorf("%v: status %d, output %q, message %q", test.args, c.ProcessState.ExitCode(), &out, &message)
		}
	}
}

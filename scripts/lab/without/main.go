// Command without leaves one layer of the sandbox after the other out of the source,
// in a copy of it, and says which test notices.
//
//	without [-l] [-vm] [NAME...]
//
// It runs in the root folder of the project. Each case of cases.go is a change of
// one to three places in the text of lib/sandbox: that a layer is not put in force,
// that it is not asked for, or both. -l lists them; a NAME is a layer's or, after a
// slash, a case's. Those that only a kernel with AppArmor can tell need -vm.
//
// Exit status: 0 each was noticed, 1 one was not, 2 a change did not fit the source
// any more or the tests fail without it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

func main() {
	list := flag.Bool("l", false, "list the cases")
	vm := flag.Bool("vm", false, "those that need a virtual machine, too")
	flag.Parse()
	chosen, err := choose(flag.Args(), *vm)
	if err == nil && *list {
		for _, c := range chosen {
			fmt.Printf("%s/%s\n", c.layer, c.name)
		}
		return
	}
	unnoticed := 0
	if err == nil {
		unnoticed, err = run(chosen)
	}
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "without:", err)
		os.Exit(2)
	case unnoticed > 0:
		os.Exit(1)
	}
}

func choose(names []string, vm bool) ([]change, error) {
	var chosen []change
	used := map[string]bool{}
	for _, c := range cases {
		named := len(names) == 0
		for _, n := range names {
			if n == c.layer || n == c.layer+"/"+c.name {
				named, used[n] = true, true
			}
		}
		if named && (vm || !c.vm) {
			chosen = append(chosen, c)
		}
	}
	for _, n := range names {
		if !used[n] {
			return nil, fmt.Errorf("nothing is called %q", n)
		}
	}
	return chosen, nil
}

// run returns how many cases no test noticed.
func run(chosen []change) (unnoticed int, err error) {
	tree, remove, err := copyTree()
	defer remove()
	if err != nil {
		return 0, err
	}
	for _, c := range chosen { // all of them before any takes its time
		if _, err := c.apply(tree); err != nil {
			return 0, err
		}
	}
	if out, failed := c0.test(tree); failed {
		return 0, fmt.Errorf("the tests fail without any change:\n%s", out)
	}
	for _, c := range chosen {
		start := time.Now()
		by, err := c.tryIn(tree)
		if err != nil {
			return unnoticed, err
		}
		took := time.Since(start).Round(100 * time.Millisecond)
		if by == "" {
			unnoticed++
			fmt.Printf("UNNOTICED %s/%s: %s (%v)\n", c.layer, c.name, c.what, took)
			continue
		}
		fmt.Printf("noticed %s/%s: %s: by %s (%v)\n", c.layer, c.name, c.what, by, took)
	}
	fmt.Printf("%d layers left out in one way or the other, %d noticed, %d unnoticed\n", len(chosen), len(chosen)-unnoticed, unnoticed)
	return unnoticed, nil
}

// copyTree copies what git knows, so that the source itself is never changed. What
// stands beside the source, stands beside the copy.
func copyTree() (tree string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "without-")
	if err != nil {
		return "", func() {}, err
	}
	remove = func() { os.RemoveAll(dir) }
	tree = filepath.Join(dir, "sl")
	const script = `chmod 755 "$1"; mkdir "$2"; git ls-files -z | tar -c --null -T - | tar -x -C "$2"
[ ! -e ../shared ] || ln -s "$(realpath ../shared)" "$1/shared"`
	out, err := exec.Command("sh", "-euc", script, "sh", dir, tree).CombinedOutput()
	if err != nil {
		return "", remove, fmt.Errorf("copy: %w\n%s", err, out)
	}
	return tree, remove, nil
}

// tryIn returns which tests fail with the change.
func (c change) tryIn(tree string) (by string, err error) {
	changed, err := c.apply(tree)
	if err != nil {
		return "", err
	}
	before := map[string][]byte{}
	for file, text := range changed {
		if before[file], err = os.ReadFile(filepath.Join(tree, file)); err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(tree, file), text, 0o644); err != nil {
			return "", err
		}
	}
	out, failed := c.test(tree)
	for file, text := range before {
		if err := os.WriteFile(filepath.Join(tree, file), text, 0o644); err != nil {
			return "", err
		}
	}
	if !failed {
		return "", nil
	}
	names := failures(out)
	if len(names) == 0 {
		return "", fmt.Errorf("%s/%s: no test fails, but the tests do not run:\n%s", c.layer, c.name, out)
	}
	return strings.Join(names, ", "), nil
}

// test runs the tests that the case is for.
func (c change) test(tree string) (out string, failed bool) {
	for _, args := range c.tests() {
		command := append([]string{"go", "test"}, args...)
		if os.Geteuid() == 0 { // some of what is left out keeps the machine's namespaces apart
			command = append([]string{"unshare", "--mount", "--ipc", "--uts", "--"}, command...)
		}
		t := exec.Command(command[0], command[1:]...)
		t.Dir = tree
		b, err := t.CombinedOutput()
		if err != nil {
			return string(b), true
		}
	}
	return "", false
}

var failedTest = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// failures are the tests that fail, and not those that do not compile.
func failures(out string) (names []string) {
	for _, m := range failedTest.FindAllStringSubmatch(out, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// apply returns the changed files, by name. Each place must be there exactly once.
func (c change) apply(tree string) (map[string][]byte, error) {
	changed := map[string][]byte{}
	for _, e := range c.edits {
		file := filepath.Join("lib/sandbox", e.file)
		text, ok := changed[file]
		if !ok {
			var err error
			if text, err = os.ReadFile(filepath.Join(tree, file)); err != nil {
				return nil, err
			}
		}
		if n := bytes.Count(text, []byte(e.old)); n != 1 {
			return nil, fmt.Errorf("%s/%s: %s has %d times, and not once:\n%s", c.layer, c.name, file, n, e.old)
		}
		changed[file] = bytes.Replace(text, []byte(e.old), []byte(e.new), 1)
	}
	return changed, nil
}

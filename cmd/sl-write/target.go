package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/stage"
)

// A target is one operand, as the first start found it.
type target struct {
	path   string // as named
	folder string // absolute; itself, or the one it is in
	name   string // base name of a firewall file, "" for a folder
}

// open finds out what the operands are, and reads the danger policy: both need
// paths, and the second start has none.
func (f *flags) open(first *stage.First) error {
	for _, path := range f.operands() {
		t, err := resolve(path)
		if err != nil {
			return err
		}
		f.targets = append(f.targets, t)
	}
	policy := ""
	if f.Policy != "" {
		text, err := os.ReadFile(f.Policy)
		if err != nil {
			return err
		}
		policy = string(text)
	}
	first.Blob = encode(f.targets, policy)
	return nil
}

func resolve(path string) (target, error) {
	t := target{path: path, folder: path}
	st, err := os.Stat(path)
	switch {
	case err == nil && st.IsDir():
	case err == nil || os.IsNotExist(err) && !strings.HasSuffix(path, "/"):
		t.folder, t.name = filepath.Dir(path), filepath.Base(path)
	default:
		return t, err
	}
	if t.folder, err = filepath.EvalSymlinks(t.folder); err == nil {
		t.folder, err = filepath.Abs(t.folder)
	}
	if err != nil {
		return t, stage.WithHint(fmt.Errorf("%s: %w", path, err), "the folder of a TARGET has to be there: sl-write makes files, not folders")
	}
	return t, nil
}

func (f *flags) operands() []string {
	if len(f.Targets) == 0 {
		return []string{defaultTarget}
	}
	return f.Targets
}

// folders are the folders of the policy. The second start cannot resolve paths,
// and only their number counts there: it has the open folders.
func (f *flags) folders() []string {
	if f.targets == nil {
		return slices.Repeat([]string{"/"}, len(f.operands()))
	}
	var paths []string
	for _, t := range f.targets {
		paths = append(paths, t.folder)
	}
	return paths
}

// encode and decode are the handoff from the first start to the second: the text
// of the policy, then three lines a target, each quoted as in Go.
func encode(targets []target, policy string) []byte {
	blob := strconv.AppendQuote(nil, policy)
	for _, t := range targets {
		for _, s := range [...]string{t.path, t.folder, t.name} {
			blob = strconv.AppendQuote(append(blob, '\n'), s)
		}
	}
	return blob
}

func decode(blob []byte) (targets []target, policy string, err error) {
	var words []string
	for line := range strings.SplitSeq(string(blob), "\n") {
		word, err := strconv.Unquote(line)
		if err != nil {
			return nil, "", fmt.Errorf("handoff: %w", err)
		}
		words = append(words, word)
	}
	for i := 1; i+2 < len(words); i += 3 {
		targets = append(targets, target{words[i], words[i+1], words[i+2]})
	}
	return targets, words[0], nil
}

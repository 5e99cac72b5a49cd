package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
)

// A built program is one that does what an attacker wants once it is locked in.
type built struct {
	Name      string
	Path      string // of the file, in the folder that it was built into
	Args      []string
	Companion bool
	Runs      bool
}

// Folders of the files, below that folder.
const (
	ofPrograms   = "bin"
	ofCompanions = "local/bin"
)

// list is the file beside the built programs that says which there are.
const list = "programs.json"

// build builds the programs, taken over, into dir.
func build(dir string, programs []program) ([]built, error) {
	own, err := os.MkdirTemp("", "takeover-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(own)
	var all []built
	for _, p := range programs {
		name, err := goList(p.folder, ".", "{{.ImportPath}}")
		if err != nil {
			return nil, err
		}
		source, err := goList(p.folder, "github.com/sl-suite/sl/lib/sandbox", "{{.Dir}}")
		if err != nil {
			return nil, err
		}
		overlay, err := takeOver(own, source)
		if err != nil {
			return nil, err
		}
		b := built{Name: path.Base(name), Args: p.args, Companion: p.companion, Runs: p.runs}
		taken := "program"
		if b.Path = filepath.Join(ofPrograms, b.Name); p.companion {
			b.Path, taken = filepath.Join(ofCompanions, b.Name), "companion"
		}
		c := exec.Command("go", "build", "-C", p.folder, "-overlay", overlay, "-trimpath", "-buildvcs=false",
			"-ldflags=-s -w -X github.com/sl-suite/sl/lib/sandbox.taken="+taken, "-o", filepath.Join(dir, b.Path), ".")
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w\n%s", p.folder, err, out)
		}
		all = append(all, b)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	return all, os.WriteFile(filepath.Join(dir, list), text, 0o644)
}

// readBuilt returns the programs that build has left in dir; those of some names,
// where any are given.
func readBuilt(dir string, names []string) (all []built, err error) {
	text, err := os.ReadFile(filepath.Join(dir, list))
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil || len(names) == 0 {
		return all, err
	}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(b built) bool { return b.Name == name }) {
			return nil, fmt.Errorf("%s has not been built into %s", name, dir)
		}
	}
	return slices.DeleteFunc(all, func(b built) bool { return !slices.Contains(names, b.Name) }), nil
}

func goList(folder, pkg, format string) (string, error) {
	c := exec.Command("go", "list", "-C", folder, "-f", format, pkg)
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("go list %s in %s: %w", pkg, folder, err)
	}
	return string(bytes.TrimSpace(out)), nil
}

// takeOver writes into dir what go build's -overlay takes: package sandbox in source,
// with Lock renamed, and another Lock in a file beside it. The source itself stays
// as it is.
func takeOver(dir, source string) (overlay string, err error) {
	lock := filepath.Join(source, "lock.go")
	text, err := os.ReadFile(lock)
	if err != nil {
		return "", err
	}
	const head = "func Lock(p Policy) (*Inside, error) {"
	if bytes.Count(text, []byte(head)) != 1 {
		return "", fmt.Errorf("%s has not the line %q", lock, head)
	}
	renamed := filepath.Join(dir, "lock.go")
	if err := os.WriteFile(renamed, bytes.Replace(text, []byte(head), []byte("func lockAsEver(p Policy) (*Inside, error) {"), 1), 0o644); err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {
		lock:                                 renamed,
		filepath.Join(source, "takeover.go"): filepath.Join(source, "escape", "testdata", "takeover.go"),
	}})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, replace, 0o644)
}

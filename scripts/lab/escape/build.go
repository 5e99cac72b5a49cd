package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/sl-suite/sl/scripts/lab/taken"
)

// A built program is one that does what an attacker wants once it is locked in.
type built struct {
	Name      string
	Path      string // of the file, in the folder that it was built into
	Args      []string
	Beside    bool
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
	var all []built
	for _, p := range programs {
		name, err := taken.List(p.folder, ".", "{{.ImportPath}}")
		if err != nil {
			return nil, err
		}
		b := built{Name: path.Base(name), Args: p.args, Beside: p.beside, Companion: p.companion, Runs: p.runs}
		process := "program"
		if b.Path = filepath.Join(ofPrograms, b.Name); p.companion {
			b.Path, process = filepath.Join(ofCompanions, b.Name), "companion"
		}
		t := taken.Build{Folder: p.folder, Output: filepath.Join(dir, b.Path), Lock: "escape/testdata/takeover.go",
			Flags: "-X github.com/sl-suite/sl/lib/sandbox.taken=" + process}
		if err := t.Do(); err != nil {
			return nil, err
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

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/sl-suite/sl/lib/aapolicy/installed"
	"github.com/sl-suite/sl/lib/stage"
)

// defaultPolicy is read unless an option says otherwise, where it exists.
const defaultPolicy = "/etc/apparmor.d"

// Bounds of what is read of a policy.
const (
	maxPolicyFile  = 1 << 20
	maxPolicy      = 32 << 20
	maxPolicyFiles = 1 << 14
	maxFolders     = 16 // in each other
)

// open reads the policy files whole, for the second start has no files. They are
// taken apart there.
func (f *flags) open(*stage.First) error {
	if f.NoPolicy {
		return nil
	}
	dir := f.Policy
	if dir == "" {
		dir = defaultPolicy
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	f.Installed.Dir = dir
	if err := f.Installed.folder("", 0); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	return nil
}

// policyFiles are the files below a folder.
type policyFiles struct {
	Dir      string // empty where no policy is looked at
	Files    []policyFile
	Problems []string // what was left out, and why

	bytes int
}

// A policyFile has its name below the folder; a folder has a slash at its end.
type policyFile struct{ Name, Text string }

func (p *policyFiles) put(name, text string) { p.Files = append(p.Files, policyFile{name, text}) }

func (p *policyFiles) problem(name string, why any) {
	p.Problems = append(p.Problems, fmt.Sprintf("%s: %v", path.Join(p.Dir, name), why))
}

// folder reads what is in one folder; name is "" for the policy's own. Links are
// followed, as apparmor_parser does.
func (p *policyFiles) folder(name string, depth int) error {
	entries, err := os.ReadDir(path.Join(p.Dir, name))
	if err != nil {
		return err
	}
	if name != "" {
		p.put(name+"/", "")
	}
	for _, e := range entries {
		entry := path.Join(name, e.Name())
		if installed.IgnoredName(entry) {
			continue
		}
		info, err := os.Stat(path.Join(p.Dir, entry))
		switch {
		case err != nil && name == "disable": // a link to nothing switches a profile off, too
			p.put(entry, "")
		case err != nil:
			p.problem(entry, "left out: cannot be read")
		case info.IsDir() && depth >= maxFolders:
			p.problem(entry, fmt.Sprintf("left out: in more than %d folders", maxFolders))
		case info.IsDir():
			if err := p.folder(entry, depth+1); err != nil {
				p.problem(entry, "left out: cannot be read")
			}
		case info.Mode().IsRegular():
			p.file(entry)
		}
	}
	return nil
}

func (p *policyFiles) file(name string) {
	if len(p.Files) >= maxPolicyFiles {
		p.problem(name, fmt.Sprintf("left out: more than %d files", maxPolicyFiles))
		return
	}
	text, err := readBounded(path.Join(p.Dir, name))
	switch {
	case err != nil:
		p.problem(name, "left out: cannot be read")
	case len(text) > maxPolicyFile:
		p.problem(name, fmt.Sprintf("left out: more than %d bytes", maxPolicyFile))
	case p.bytes+len(text) > maxPolicy:
		p.problem(name, fmt.Sprintf("left out: the policy has more than %d bytes", maxPolicy))
	default:
		p.bytes += len(text)
		p.put(name, string(text))
	}
}

// readBounded reads a file up to one byte more than is taken.
func readBounded(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxPolicyFile+1))
}

// parse takes them apart; nil where there are none.
func (p *policyFiles) parse() *installed.Policy {
	if p.Dir == "" {
		return nil
	}
	text := make(map[string]string, len(p.Files))
	for _, f := range p.Files {
		text[f.Name] = f.Text
	}
	return installed.New(p.Dir, text, p.Problems...)
}

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
	p := &policyFiles{Dir: f.Policy, Text: map[string]string{}}
	if p.Dir == "" {
		p.Dir = defaultPolicy
		if _, err := os.Stat(p.Dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	if err := p.folder("", 0); err != nil {
		return fmt.Errorf("policy: %w", err)
	}
	f.Installed = p
	return nil
}

// policyFiles are the files below a folder, by their names in there; a folder is a
// name with a slash at its end.
type policyFiles struct {
	Dir      string
	Text     map[string]string
	Problems []string // what was left out, and why

	bytes int
}

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
		p.Text[name+"/"] = ""
	}
	for _, e := range entries {
		entry := path.Join(name, e.Name())
		if installed.IgnoredName(entry) {
			continue
		}
		info, err := os.Stat(path.Join(p.Dir, entry))
		switch {
		case err != nil && name == "disable": // a link to nothing switches a profile off, too
			p.Text[entry] = ""
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
	if len(p.Text) >= maxPolicyFiles {
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
		p.Text[name] = string(text)
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
	if p == nil {
		return nil
	}
	return installed.New(p.Dir, p.Text, p.Problems...)
}

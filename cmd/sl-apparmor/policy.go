package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"golang.org/x/sys/unix"

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
	buf   []byte // reused
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
		kind := e.Type()
		if kind&fs.ModeSymlink != 0 {
			info, err := os.Stat(path.Join(p.Dir, entry))
			switch {
			case err == nil:
				kind = info.Mode().Type()
			case name == "disable": // a link to nothing switches a profile off, too
				p.put(entry, "")
				continue
			default:
				p.problem(entry, "left out: cannot be read")
				continue
			}
		}
		switch {
		case kind.IsDir() && depth >= maxFolders:
			p.problem(entry, fmt.Sprintf("left out: in more than %d folders", maxFolders))
		case kind.IsDir():
			if err := p.folder(entry, depth+1); err != nil {
				p.problem(entry, "left out: cannot be read")
			}
		case kind.IsRegular():
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
	text, err := p.read(path.Join(p.Dir, name))
	switch {
	case err != nil:
		p.problem(name, "left out: cannot be read")
	case len(text) > maxPolicyFile:
		p.problem(name, fmt.Sprintf("left out: more than %d bytes", maxPolicyFile))
	case p.bytes+len(text) > maxPolicy:
		p.problem(name, fmt.Sprintf("left out: the policy has more than %d bytes", maxPolicy))
	default:
		p.bytes += len(text)
		p.put(name, text)
	}
}

// read reads a file: whole, or more of it than is taken. os.Open would look each up
// in the runtime's poller, which takes twice as long.
func (p *policyFiles) read(name string) (string, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	if p.buf == nil {
		p.buf = make([]byte, 32<<10)
	}
	for size := 0; ; {
		n, err := unix.Read(fd, p.buf[size:])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return "", err
		}
		size += n
		if n == 0 || size > maxPolicyFile {
			return string(p.buf[:size]), nil
		}
		if size == len(p.buf) {
			p.buf = append(p.buf, make([]byte, size)...)
		}
	}
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

// Package folder reads the files of the AppArmor policy in a folder whole, for a
// program that will have no files once it is locked in. It takes nothing apart.
package folder

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/apparmor/header"
)

// Bounds of what is read of a policy. What goes beyond them is a problem.
const (
	MaxFile    = 1 << 20  // bytes of a file
	MaxBytes   = 32 << 20 // of all files
	MaxFiles   = 1 << 14
	MaxFolders = 16 // in each other
)

// Files are the files below a folder. The zero value is no policy.
type Files struct {
	Dir      string // empty where no policy is looked at
	Files    []File
	Unread   []string // names of what was left out
	Problems []string // the same, and why
	Links    []Link

	bytes int
	buf   []byte // reused
}

// A File has its name below the folder; a folder has a slash at its end.
type File struct{ Name, Text string }

// A Link is a symbolic link to something else below the folder; both are among the
// files, with the same text.
type Link struct{ Name, To string }

// Read reads a policy such as that in /etc/apparmor.d. The error is that of the
// folder itself.
func Read(dir string) (Files, error) {
	p := Files{Dir: dir}
	err := p.folder("", 0)
	return p, err
}

func (p *Files) put(name, text string) { p.Files = append(p.Files, File{name, text}) }

func (p *Files) problem(name string, why any) {
	p.Unread = append(p.Unread, name)
	p.Problems = append(p.Problems, fmt.Sprintf("%s: %v", path.Join(p.Dir, name), why))
}

// folder reads what is in one folder; name is "" for the policy's own. Links are
// followed, as apparmor_parser does.
func (p *Files) folder(name string, depth int) error {
	entries, err := os.ReadDir(path.Join(p.Dir, name))
	if err != nil {
		return err
	}
	if name != "" {
		p.put(name+"/", "")
	}
	for _, e := range entries {
		if len(p.Files)+len(p.Unread) > 2*MaxFiles { // this is no policy
			p.problem(name, fmt.Sprintf("left out in part: more than %d files", 2*MaxFiles))
			return nil
		}
		entry := path.Join(name, e.Name())
		if header.IgnoredName(entry) {
			continue
		}
		kind := e.Type()
		if kind&fs.ModeSymlink != 0 {
			info, err := os.Stat(path.Join(p.Dir, entry))
			switch {
			case err == nil:
				kind = info.Mode().Type()
				p.link(entry)
			case name == "disable": // a link to nothing switches a profile off, too
				p.put(entry, "")
				continue
			default:
				p.problem(entry, "left out: cannot be read")
				continue
			}
		}
		switch {
		case kind.IsDir() && depth >= MaxFolders:
			p.problem(entry, fmt.Sprintf("left out: in more than %d folders", MaxFolders))
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

func (p *Files) link(name string) {
	dir, err := filepath.EvalSymlinks(p.Dir)
	if err != nil {
		return
	}
	to, err := filepath.EvalSymlinks(path.Join(p.Dir, name))
	if below, ok := strings.CutPrefix(to, dir+"/"); ok && err == nil {
		p.Links = append(p.Links, Link{name, below})
	}
}

func (p *Files) file(name string) {
	if len(p.Files) >= MaxFiles {
		p.problem(name, fmt.Sprintf("left out: more than %d files", MaxFiles))
		return
	}
	text, err := p.read(path.Join(p.Dir, name))
	switch {
	case err != nil:
		p.problem(name, "left out: cannot be read")
	case len(text) > MaxFile:
		p.problem(name, fmt.Sprintf("left out: more than %d bytes", MaxFile))
	case p.bytes+len(text) > MaxBytes:
		p.problem(name, fmt.Sprintf("left out: the policy has more than %d bytes", MaxBytes))
	default:
		p.bytes += len(text)
		p.put(name, text)
	}
}

// read reads a file: whole, or more of it than is taken. os.Open would look each up
// in the runtime's poller, which takes twice as long.
func (p *Files) read(name string) (string, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0) // it may have become a pipe
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
		if n == 0 || size > MaxFile {
			return string(p.buf[:size]), nil
		}
		if size == len(p.buf) {
			p.buf = append(p.buf, make([]byte, size)...)
		}
	}
}

// Texts returns the texts by name.
func (p *Files) Texts() map[string]string {
	texts := make(map[string]string, len(p.Files))
	for _, f := range p.Files {
		texts[f.Name] = f.Text
	}
	return texts
}

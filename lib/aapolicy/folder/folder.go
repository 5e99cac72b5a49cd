// Package folder reads the files of the AppArmor policy in a folder whole, for a
// program that will have no files once it is locked in. It takes nothing apart; see
// package installed.
package folder

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/aapolicy/installed"
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
	Problems []string // what was left out, and why

	profiles bool // ReadProfiles
	bytes    int
	buf      []byte // reused
}

// A File has its name below the folder; a folder has a slash at its end.
type File struct{ Name, Text string }

// Read reads a policy such as that in /etc/apparmor.d. The error is that of the
// folder itself.
func Read(dir string) (Files, error) {
	p := Files{Dir: dir}
	err := p.folder("", 0)
	return p, err
}

// ReadProfiles reads what tells the names of the profiles and what they include
// themselves: the files that stand at the top, the tunables, and what is disabled.
func ReadProfiles(dir string) (Files, error) {
	p := Files{Dir: dir, profiles: true}
	err := p.folder("", 0)
	return p, err
}

func (p *Files) put(name, text string) { p.Files = append(p.Files, File{name, text}) }

func (p *Files) problem(name string, why any) {
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
			case name == "disable": // a link to nothing switches a profile off, too
				p.put(entry, "")
				continue
			default:
				p.problem(entry, "left out: cannot be read")
				continue
			}
		}
		switch {
		case kind.IsDir() && !p.wanted(entry):
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

func (p *Files) wanted(folder string) bool {
	top, _, _ := strings.Cut(folder, "/")
	return !p.profiles || top == "tunables" || top == "disable"
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

// Policy takes them apart, when it is asked; nil where there are none.
func (p *Files) Policy() *installed.Policy {
	if p.Dir == "" {
		return nil
	}
	text := make(map[string]string, len(p.Files))
	for _, f := range p.Files {
		text[f.Name] = f.Text
	}
	return installed.New(p.Dir, text, p.Problems...)
}

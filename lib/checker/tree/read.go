package tree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Read reads the policy in dir, which is absolute and without links. An error is
// that of the folder itself, or [ErrLarge]. A folder that only may be a policy could
// be somebody's home: of that few files are read, and no hidden ones.
func Read(dir string, surely bool) (*Tree, error) {
	r := reader{tree: &Tree{Dir: dir}, folders: make(map[identity]string), nodes: MaxNodes, bytes: MaxBytes, hidden: true}
	if !surely {
		r.nodes, r.bytes, r.hidden = mayNodes, mayBytes, false
	}
	err := r.folder(".", 0)
	return r.tree, err
}

// Of a folder that may be a policy.
const (
	mayNodes = 4096
	mayBytes = 8 << 20
)

type identity struct{ dev, ino uint64 }

type reader struct {
	tree    *Tree
	folders map[identity]string // where each was first met

	nodes, bytes int  // that may still come
	hidden       bool // names with a dot in front are read, too
}

func (r *reader) put(name string, kind Kind, text []byte) error {
	r.tree.Nodes = append(r.tree.Nodes, Node{name, kind, text})
	r.nodes--
	r.bytes -= len(text)
	switch {
	case r.nodes < 0:
		return fmt.Errorf("%s: %w: %d files", r.tree.Dir, ErrLarge, len(r.tree.Nodes))
	case r.bytes < 0:
		return fmt.Errorf("%s: %w: too many bytes", r.tree.Dir, ErrLarge)
	}
	return nil
}

// folder reads what is in one folder, which may be reached by a link.
func (r *reader) folder(name string, depth int) error {
	at := filepath.Join(r.tree.Dir, name)
	var st unix.Stat_t
	if err := unix.Stat(at, &st); err != nil {
		return &fs.PathError{Op: "stat", Path: at, Err: err}
	}
	id := identity{uint64(st.Dev), st.Ino}
	if first, ok := r.folders[id]; ok {
		return r.put(name, Link, []byte(first))
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return err
	}
	r.folders[id] = name
	if name != "." {
		if err := r.put(name, Folder, nil); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if !r.hidden && strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := r.entry(path.Join(name, e.Name()), e.Type(), depth); err != nil {
			return err
		}
	}
	return nil
}

// follow returns where a link leads to: within the policy a name in it, whether that
// is there or not, else a path.
func (r *reader) follow(name string) (to string, within bool, err error) {
	at := filepath.Join(r.tree.Dir, name)
	to, err = filepath.EvalSymlinks(at)
	if errors.Is(err, fs.ErrNotExist) {
		// What it leads to may be written only now.
		if next, lerr := os.Readlink(at); lerr == nil {
			if !filepath.IsAbs(next) {
				next = filepath.Join(filepath.Dir(at), next)
			}
			if dir, derr := filepath.EvalSymlinks(filepath.Dir(next)); derr == nil {
				to = filepath.Join(dir, filepath.Base(next))
			}
		}
	}
	rel, rerr := filepath.Rel(r.tree.Dir, to)
	if rerr == nil && to != "" && filepath.IsLocal(rel) {
		return rel, true, err
	}
	return to, false, err
}

func (r *reader) entry(name string, kind fs.FileMode, depth int) error {
	at := filepath.Join(r.tree.Dir, name)
	if kind&fs.ModeSymlink != 0 {
		to, within, err := r.follow(name)
		switch {
		case within:
			return r.put(name, Link, []byte(to))
		case err != nil:
			r.unread(name, err)
			return nil
		}
		info, err := os.Stat(to)
		if err != nil {
			r.unread(name, err)
			return nil
		}
		kind, at = info.Mode().Type(), to
	}
	switch {
	case kind.IsRegular():
		return r.file(name, at)
	case !kind.IsDir():
		r.tree.problem(name, "left out: not a regular file")
		return nil
	case unwanted(name):
		return nil
	case depth >= MaxFolders:
		r.tree.problem(name, fmt.Sprintf("left out: in more than %d folders", MaxFolders))
		return nil
	}
	err := r.folder(name, depth+1)
	if err != nil && !errors.Is(err, ErrLarge) {
		r.unread(name, err)
		return nil
	}
	return err
}

// unwanted: what apparmor_parser has compiled, and what keeps old versions.
func unwanted(name string) bool {
	switch name {
	case "cache", "cache.d":
		return true
	}
	switch path.Base(name) {
	case ".git", ".svn", ".hg", ".bzr":
		return true
	}
	return false
}

// unread: what is disabled by a link to nothing is not disabled, and not missed.
func (r *reader) unread(name string, err error) {
	if dir := path.Dir(name); errors.Is(err, fs.ErrNotExist) && (dir == "disable" || dir == "force-complain") {
		return
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	r.tree.problem(name, fmt.Sprintf("left out: %v", err))
}

// file reads the regular file at a path. Anything else was not opened at all: an open
// can wait for ever, or act on a device.
func (r *reader) file(name, at string) error {
	const flags = unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC
	fd, err := unix.Open(at, flags, 0)
	if err != nil {
		r.unread(name, err)
		return nil
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	switch err := unix.Fstat(fd, &st); {
	case err != nil:
		r.unread(name, err)
		return nil
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		r.tree.problem(name, "left out: not a regular file")
		return nil
	case st.Size > MaxFile:
		r.tree.problem(name, fmt.Sprintf("left out: more than %d MiB", MaxFile>>20))
		return nil
	}
	text, err := readAll(fd, int(st.Size))
	if err != nil {
		r.unread(name, err)
		return nil
	}
	return r.put(name, File, text)
}

// readAll reads a file that has size bytes, or some more or less by now.
func readAll(fd, size int) ([]byte, error) {
	text := make([]byte, 0, size+1) // one more: a short read is the end
	for {
		room := cap(text) - len(text)
		n, err := unix.Read(fd, text[len(text):cap(text)])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return nil, err
		}
		text = text[:len(text)+n]
		switch {
		case n < room:
			return text, nil
		case len(text) > MaxFile:
			return nil, io.ErrUnexpectedEOF
		case len(text) == cap(text):
			text = append(text, 0)[:len(text)]
		}
	}
}

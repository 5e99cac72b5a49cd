package broker

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/visible"
)

// maxFile bounds a target's size in bytes, before and after: a hundred thousand
// addresses are 2 MiB.
const maxFile = 32 << 20

// A file is one name in an open folder.
type file struct {
	dir  int    // descriptor of the folder, not O_PATH
	name string // base name
	path string // how messages call it
}

// A snapshot is a file as it was when it was read.
type snapshot struct {
	exists bool
	stat   unix.Stat_t
	attrs  []attr
	body   []byte
}

// same reports whether two snapshots show one file that nobody has touched:
// times do not count, bytes do.
func (s snapshot) same(o snapshot) bool {
	if !s.exists || !o.exists {
		return s.exists == o.exists
	}
	return s.stat.Dev == o.stat.Dev && s.stat.Ino == o.stat.Ino &&
		s.stat.Mode == o.stat.Mode && s.stat.Uid == o.stat.Uid && s.stat.Gid == o.stat.Gid &&
		bytes.Equal(s.body, o.body) && sameAttrs(s.attrs, o.attrs)
}

// snap reads a file whole. A *Refusal says that it is nothing that may be
// replaced: a link, or no regular file.
func (f file) snap(sys system) (s snapshot, err error) {
	// O_NONBLOCK: the open of a FIFO must not wait for its other end.
	const flags = unix.O_RDONLY | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC
	fd, err := sys.openat(f.dir, f.name, flags, 0)
	switch err {
	case nil:
	case unix.ENOENT:
		return snapshot{}, nil
	case unix.ELOOP:
		return s, f.refuse("is a symbolic link", "name the file that it points to")
	case unix.ENXIO:
		return s, f.refuse("is not a regular file", "")
	case unix.EACCES:
		return s, f.refuse("sl-write may not read it", "let it belong to the user that sl-write runs as; root keeps no capability here")
	default:
		return s, fmt.Errorf("open %s: %w", f.path, err)
	}
	defer sys.close(fd) // opened for reading: nothing can be lost
	s.exists = true
	if s.stat, err = sys.fstat(fd); err != nil {
		return s, fmt.Errorf("stat %s: %w", f.path, err)
	}
	switch {
	case s.stat.Mode&unix.S_IFMT != unix.S_IFREG:
		return s, f.refuse("is not a regular file", "")
	case s.stat.Nlink != 1:
		return s, f.refuse(fmt.Sprintf("has %d hard links; replacing it would part them", s.stat.Nlink), "remove the other names of the file, or copy it")
	case s.stat.Mode&0o7000 != 0:
		return s, f.refuse(fmt.Sprintf("has the mode %04o", s.stat.Mode&0o7777), "take the set-id or sticky bit away: it has no meaning for a policy")
	}
	if s.body, err = f.readAll(sys, fd, s.stat.Size); err != nil {
		return s, err
	}
	s.attrs, err = readAttrs(sys, fd, f.path)
	return s, err
}

func (f file) readAll(sys system, fd int, size int64) ([]byte, error) {
	// One byte more than there should be: the last read finds the end.
	body := make([]byte, 0, min(max(size, 0), maxFile)+1)
	for {
		n, err := sys.read(fd, body[len(body):cap(body)])
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.path, err)
		}
		body = body[:len(body)+n]
		switch {
		case n == 0:
			return body, nil
		case len(body) > maxFile:
			return nil, f.refuse(fmt.Sprintf("is larger than %d MiB", maxFile>>20), "")
		case len(body) == cap(body):
			body = append(body, 0)[:len(body)]
		}
	}
}

func (f file) refuse(reason, hint string) error {
	return &Refusal{Subject: f.path, Reason: reason, Hint: hint}
}

// The temporary file of NAME is .NAME.sl-write. It needs no random part: the
// folder is locked, and it is created with O_EXCL.
const (
	tempPrefix = "."
	tempSuffix = ".sl-write"
)

func tempName(name string) string { return tempPrefix + name + tempSuffix }

// checkName refuses a base name that is none, that shows badly, that leaves no
// room for its temporary file, or that looks like one.
func checkName(name string) error {
	switch {
	case name == "" || name == "." || name == "..":
		return fmt.Errorf("%q is no file name", name)
	case strings.ContainsAny(name, "/\x00"):
		return fmt.Errorf("%.300q is not the name of a file in the folder", name)
	case !visible.Is(name):
		return fmt.Errorf("a character that does not show in the file name %s", visible.Quote(name[:min(len(name), 300)]))
	case len(tempName(name)) > unix.NAME_MAX:
		return fmt.Errorf("the file name %.300q is longer than %d bytes", name, unix.NAME_MAX-len(tempName("")))
	case strings.HasPrefix(name, tempPrefix) && strings.HasSuffix(name, tempSuffix):
		return fmt.Errorf("the file name %.300q is reserved for temporary files", name)
	}
	return nil
}

// create opens the file's temporary file, new and empty, mode 0600. One that a
// killed run left behind is removed first.
func (f file) create(sys system) (fd int, err error) {
	const flags = unix.O_WRONLY | unix.O_CREAT | unix.O_EXCL | unix.O_NOFOLLOW | unix.O_CLOEXEC
	temp := file{f.dir, tempName(f.name), strings.TrimSuffix(f.path, f.name) + tempName(f.name)}
	if fd, err = sys.openat(temp.dir, temp.name, flags, 0o600); err == unix.EEXIST {
		if _, err = temp.snap(sys); err != nil {
			return -1, err
		}
		if err = sys.unlinkat(temp.dir, temp.name); err != nil {
			return -1, fmt.Errorf("remove %s, left behind by an earlier run: %w", temp.path, err)
		}
		fd, err = sys.openat(temp.dir, temp.name, flags, 0o600)
	}
	if err != nil {
		return -1, fmt.Errorf("create %s: %w", temp.path, err)
	}
	return fd, nil
}

// writeAll writes body from the descriptor's position on.
func writeAll(sys system, fd int, body []byte) error {
	for len(body) > 0 {
		n, err := sys.write(fd, body)
		if err != nil {
			return err
		}
		if n == 0 {
			return io.ErrShortWrite
		}
		body = body[n:]
	}
	return nil
}

// Package source is what sl-read opens: it describes a file by what the kernel
// says of its descriptor, and frames its lines as records. It never interprets
// the text.
package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/record"
)

// ErrFolder is the error of [Open] for a folder.
var ErrFolder = errors.New("is a directory: name the files in it")

// Open opens path for reading, "-" being standard input, and describes it. The
// descriptor is close-on-exec.
func Open(path string) (fd int, src record.Source, err error) {
	if path == "-" {
		fd, err = unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	} else {
		fd, err = unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	}
	if err != nil {
		return -1, src, err
	}
	if src, err = Describe(fd, path); err != nil {
		unix.Close(fd)
		return -1, src, err
	}
	if byPath(fd, &src, path) {
		src = WithAudit(src, record.AuditPath)
	}
	return fd, src, nil
}

// Describe asks the kernel what a descriptor is, by fstat(2) alone.
func Describe(fd int, path string) (record.Source, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return record.Source{}, err
	}
	src := record.Source{
		Path: path, Dev: fmt.Sprintf("%d:%d", unix.Major(st.Dev), unix.Minor(st.Dev)), Ino: st.Ino,
		UID: st.Uid, GID: st.Gid, Mode: fmt.Sprintf("%04o", st.Mode&0o7777),
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return src, ErrFolder
	case unix.S_IFREG:
		src.Kind = "file"
		src.Size = uint64(st.Size)
		src.Mtime = time.Unix(st.Mtim.Unix()).UTC().Format(time.RFC3339Nano)
	case unix.S_IFIFO:
		src.Kind = "pipe"
	case unix.S_IFSOCK:
		src.Kind = "socket"
	default:
		src.Kind = "device"
	}
	if path == "-" { // whoever started us chose what it is, and may be anybody
		src.Kind = "stdin"
	}
	src.ID = id(&src)
	return src, nil
}

// Renew returns the source as it is when it was last changed at mtime (RFC 3339). It
// has another id: records are those of the source line before them.
func Renew(src record.Source, mtime string) record.Source {
	src.Mtime = mtime
	src.ID = id(&src)
	return src
}

// id is a hash over all that is known of a source: sources of different streams
// that are joined cannot be taken for each other.
func id(src *record.Source) string {
	without := *src
	without.ID = ""
	sum := sha256.Sum256(record.AppendSource(nil, &without))
	return hex.EncodeToString(sum[:8])
}

var newline = []byte{'\n'}

// Frame appends the lines of a block as records of the source with that id; line
// is the number of the first one.
func Frame(dst []byte, id string, line uint64, block []byte) []byte {
	for len(block) > 0 {
		var text []byte
		text, block, _ = bytes.Cut(block, newline)
		dst = record.AppendRecord(dst, id, line, text)
		line++
	}
	return dst
}

// AppendRaw appends the lines of a block as they are. Only the last line of a
// source can lack its newline, and it gets one: the next source starts a line.
func AppendRaw(dst []byte, block []byte) []byte {
	dst = append(dst, block...)
	if !bytes.HasSuffix(block, newline) {
		dst = append(dst, '\n')
	}
	return dst
}

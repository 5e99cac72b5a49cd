package stage

import "fmt"

// Parts reads standard input as it comes, cut anywhere, for a format that is not
// made of lines, and calls handle for each part. A part is valid until handle
// returns.
func (s *Session) Parts(handle func(part []byte) error) error {
	buf := make([]byte, blockSize)
	for s.Out.err == nil {
		s.Out.Flush()
		n, err := read(0, buf)
		if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
		if n == 0 {
			return nil
		}
		if err := handle(buf[:n]); err != nil {
			return err
		}
	}
	return nil
}

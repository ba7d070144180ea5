namespace SpGpu;

/// <summary>What a Unix system keeps about a file.</summary>
/// <param name="Device">The file system that it is on.</param>
/// <param name="Inode">Its number there.</param>
/// <param name="Mode">Kind and rights, in the bits that all systems share.</param>
/// <param name="Owner">The user that it belongs to.</param>
/// <param name="Group">The group that it belongs to.</param>
internal readonly record struct UnixStatus(ulong Device, ulong Inode, int Mode, uint Owner, uint Group)
{
    private const int Kind = 0xF000, Folder = 0x4000, Regular = 0x8000;

    private const UnixFileMode AnyWrite = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public bool IsFile => (Mode & Kind) == Regular;

    public bool IsFolder => (Mode & Kind) == Folder;

    /// <summary>Who may do what.</summary>
    public UnixFileMode Rights => (UnixFileMode)(Mode & 0xFFF);

    /// <summary>Whether anyone may write.</summary>
    public bool IsWritable => (Rights & AnyWrite) != 0;
}

import { ref } from 'vue'
import { problemOf } from './form'
import { downloadFile } from './download'
import { useSession } from './session'
import { useApi } from './useApi'

export type DataFormat = 'zip' | 'json'

/** What a customer may do with all of their data: take it along, and have it deleted. */
export function useAccountData() {
  const api = useApi()
  const { leave } = useSession()
  const downloading = ref<DataFormat | null>(null)
  /** What went wrong with the download; '' nothing. */
  const downloadProblem = ref('')

  async function download(format: DataFormat) {
    if (downloading.value) return
    downloading.value = format
    downloadProblem.value = ''
    try {
      await downloadFile(`/account/export?format=${format}`, `my-data.${format}`)
    }
    catch (error) {
      downloadProblem.value = problemOf(error).message
    }
    finally {
      downloading.value = null
    }
  }

  /** Deletes the account, then leaves the page as signed out. Throws `ApiError`. */
  async function deleteAccount(password: string) {
    await api.delete('/account', password ? { current_password: password } : {})
    await leave()
  }

  return { downloading, downloadProblem, download, deleteAccount }
}
